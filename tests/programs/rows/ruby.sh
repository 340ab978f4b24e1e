# shellcheck shell=bash disable=SC2034
needs=ruby
script() { cat >"$BESIDE/s.rb" <<'RB'
require "fileutils"
require "tempfile"
require "zlib"
src = ENV["IN"]
File.open("puts", "w") { |f| 50000.times { |i| f.puts "line #{i}" }; f.seek(1000); f.write("HERE"); p f.pos }
File.open("plus", "w+b") { |f| f.write("abc" * 50000); f.rewind; p f.read(10); f.seek(0, IO::SEEK_END); f << "end"; f.truncate(100001); p f.size }
File.open("sys", "wb") { |f| 500.times { |i| f.syswrite("x" * (i * 7)) }; f.fsync }
File.open("sync", "ab") { |f| f.sync = true; 3000.times { |i| f.print i, "\n" } }
IO.copy_stream(src + "/noise", "copied")
FileUtils.cp(src + "/text", "cp")
FileUtils.install(src + "/text", "installed", mode: 0640)
IO.binwrite("bin", IO.binread(src + "/noise")); IO.binwrite("bin", "OVER", 12345)
File.open("pw", "w+") { |f| f.pwrite("z" * 70000, 5000); p f.pread(5, 4998) }
Zlib::GzipWriter.open("a.gz") { |z| z.mtime = 1; z.write(IO.binread(src + "/text")) }
Tempfile.create("t", ".") { |t| t.write("tmp" * 9999); t.flush; FileUtils.cp(t.path, "temporary") }
File.open("forked", "w") { |f| f.print "a" * 9000; f.flush; Process.wait(fork { f.print "child\n" }); f.print "parent\n" }
$stdout.sync = false
pid = spawn("seq 5000", out: "spawned"); Process.wait(pid)
at_exit { File.write("exit", "at exit") }
RB
}
prepare() { script; }
run() { ruby --disable-gems "$BESIDE/s.rb"; ruby --disable-gems -e '100000.times { |i| puts i }' >stdout; }
title='ruby puts'
large() { ruby --disable-gems -e 'line = "x" * 127; File.open("a", "w") { |f| 160000.times { f.puts line } }'; }
