#!/usr/bin/env perl
# check_trace.pl TRACE [COUNT]: reads what `strace -f -y -e raw=write,pwrite64` wrote and checks
# what the shim's own descriptors do. A descriptor opened with O_DIRECT, and every copy of it, may
# only be written to at offsets, from addresses and in lengths that are multiples of 4096. It may be
# below 256 only until it is moved: between its open and its close such a number may only be copied
# or asked about, never written. Fails unless COUNT direct writes or more were seen.
use strict;
use warnings;
no warnings 'portable';    # addresses are wider than 32 bits

my $path = shift;
my $wanted = shift || 0;
my (%table, %group, %pending);    # thread -> group; group -> number -> kind
my ($direct_writes, $problems) = (0, 0);

sub problem {
  my ($line, $what) = @_;
  print "$what: $line\n";
  ++$problems;
}

sub numbers { my ($thread) = @_; return $table{$group{$thread} //= $thread} //= {}; }

sub started {    # a clone, fork or vfork
  my ($thread, $child, $arguments) = @_;
  if ($arguments =~ /CLONE_FILES/) { $group{$child} = $group{$thread} //= $thread; return; }
  $group{$child} = $child;
  $table{$child} = {%{numbers($thread)}};
}

# A child may be seen before its parent's call returns: it is of the parent whose call is under way.
sub seen_early {
  my ($child) = @_;
  for my $thread (keys %pending) {
    started($thread, $child, $1) if $pending{$thread} =~ /^(?:clone3?|v?fork)\((.*)/;
  }
}

sub written {
  my ($line, $numbers, $number, $arguments) = @_;
  return unless $numbers->{$number};
  problem($line, 'a direct write on a number below 256') if $number < 256;
  my ($address, $length, $offset) = map { hex } $arguments =~ /(0x[0-9a-f]+|\b0\b)/g;
  ++$direct_writes;
  problem($line, 'an unaligned direct write')
    if ($address | $length | ($offset // 0)) & 4095;
}

sub call {
  my ($thread, $name, $arguments, $result, $line) = @_;
  my $numbers = numbers($thread);
  my ($value) = $result =~ /^(0x[0-9a-f]+|-?\d+)/ or return;
  $value = hex $value if $value =~ /^0x/;
  my ($number) = $arguments =~ /^(0x[0-9a-f]+|\d+)/;
  $number = hex $number if defined $number && $number =~ /^0x/;
  if ($name =~ /^(clone3?|v?fork)$/) {
    started($thread, $value, $arguments) if $value > 0 && !exists $group{$value};
  }
  elsif ($name =~ /^p?write(64)?$/) {
    $arguments =~ s/^[^,]*,//;
    written($line, $numbers, $number, $arguments);
  }
  elsif ($name eq 'pwritev') {
    # Several clusters at once; strace doesn't show where the pieces lie, the kernel checks that.
    return unless $numbers->{$number};
    my ($offset) = $arguments =~ /(\d+)\s*$/;
    ++$direct_writes;
    problem($line, 'an unaligned direct write') if ($offset | ($value > 0 ? $value : 0)) & 4095;
  }
  elsif ($name =~ /^(pwritev2|writev)$/) {
    problem($line, 'a direct write that this check can not read') if $numbers->{$number};
  }
  elsif ($name eq 'execve') {
    # Everything of ours is close-on-exec.
    $table{$group{$thread}} = {} if $value == 0;
  }
  elsif ($value < 0) { }
  elsif ($name =~ /^(openat|open|openat2)$/) {
    delete $numbers->{$value};
    return unless $arguments =~ /O_DIRECT\b/;
    $numbers->{$value} = 1;
    problem($line, 'a descriptor that a child would inherit') unless $arguments =~ /O_CLOEXEC/;
  }
  elsif ($name eq 'fcntl' && $arguments =~ /F_DUPFD/) {
    delete $numbers->{$value};
    return unless $numbers->{$number};
    $numbers->{$value} = 1;
    problem($line, 'moved below 256') if $value < 256;
    problem($line, 'a descriptor that a child would inherit')
      unless $arguments =~ /F_DUPFD_CLOEXEC/;
  }
  elsif ($name =~ /^dup[23]?$/) {
    delete $numbers->{$value};
    $numbers->{$value} = 1 if $numbers->{$number};
    problem($line, 'a descriptor of ours was duplicated') if $numbers->{$number};
  }
  elsif ($name eq 'close') { delete $numbers->{$number}; }
  elsif ($name =~ /^(memfd_create|eventfd2)$/) {
    problem($line, 'a descriptor that a child would inherit') unless $arguments =~ /CLOEXEC/;
  }
}

open my $trace, '<', $path or die "$path: $!\n";
while (my $line = <$trace>) {
  chomp $line;
  my ($thread, $rest) = $line =~ /^(\d+)\s+(.*)/ or next;
  if ($rest =~ /^\+\+\+/) { delete $group{$thread}; next; }
  seen_early($thread) unless exists $group{$thread};
  if ($rest =~ s/\s*<unfinished \.\.\.>$//) {
    $pending{$thread} = $rest;
    next;
  }
  if ($rest =~ s/^<\.\.\. \w+ resumed>//) { $rest = (delete $pending{$thread} // '') . $rest; }
  my ($name, $arguments, $result) = $rest =~ /^(\w+)\((.*)\)\s+= (.*)/ or next;
  call($thread, $name, $arguments, $result, $line);
}
print "$direct_writes direct writes, $problems problems\n";
if ($direct_writes < $wanted) {
  print "expected at least $wanted direct writes\n";
  ++$problems;
}
exit($problems ? 1 : 0);
