#!/bin/bash
# Man pages and completions against the program that they are of. Usage: papers_test.sh BUILD_DIR.
# What can't be tried for want of a program is named; else silent success, or each failed check by
# name.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
# shellcheck disable=SC2030,SC2031,SC2154,SC2317
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
papers=$source_dir/shim/cli/papers
asker=$source_dir/tests/cli/ask_zsh.zsh
export HOME=$work LC_ALL=C.UTF-8

# have COMMAND: else what it is wanted for is skipped.
have() {
  command -v "$1" >/dev/null || { echo "skipped: there is no $1 here" >&2; return 1; }
}

# same NAME LIST LIST: two lists of words, in any order.
same() {
  local difference
  difference=$(comm -3 <(tr ' ' '\n' <<<"$2" | sort -u) <(tr ' ' '\n' <<<"$3" | sort -u))
  [ -z "$difference" ] || fail "$1 (the first only, or, behind a tab, the second only):"$'\n'"$difference"
}

# all_in NAME PAGE LIST: each word of the list is marked as a name in the page, and there is one.
all_in() {
  local word names
  [ -n "$3" ] || fail "$1: there are none"
  names=$(grep -E '^\.(It |Pq )?(Cm|Ev|Fn|Fo) ' "$papers/$2")
  for word in $3; do
    grep -qwF -- "$word" <<<"$names" || fail "$1: $word is missing in $2"
  done
}

# --- What there is.

subcommands() {
  sed -n '/kSubcommands\[\] = {/,/};/p' "$source_dir/shim/cli/main.cc" | sed 's/{"/\n&/g' |
    sed -n 's/^{"\([a-z]*\)",.*/\1/p'
}

# The options that a subcommand's --help lists.
options_of() {
  "$seqshim" "$1" --help | sed -n 's/^  \(-[^ =]*\).*/\1/p' | tr , '\n' |
    sed 's/[[{].*//' | sort -u
}

# sections PAGE NAME...: the lines of subsections.
sections() {
  local page=$1
  shift
  awk -v names="$*" '
    BEGIN { count = split(names, name, ",") }
    /^\.S[hs] / {
      inside = 0
      for (i = 1; i <= count; ++i) if (substr($0, 5) == name[i]) inside = 1
    }
    inside' "$papers/$page"
}

# The options in seqshim.1 of a subcommand; the section that lists them names those that it shares.
options_in_page() {
  local shared='Common options'
  ! sections seqshim.1 "$1" | grep -q 'Sx Settings' || shared+=,Settings
  sections seqshim.1 "$1,$shared" | awk '
    /^\.It Fl/ {
      for (i = 2; i <= NF; ++i)
        if ($i == "Fl") { i += 1; if ($i == "Fl") { i += 1; print "--" $i } else print "-" $i }
    }' | sort -u
}

# --- Pages.

pages_are_clean() {
  local page said
  for page in seqshim.1 libseqshim.7 seqcache.3; do
    if have mandoc; then
      said=$(mandoc -T lint -W warning "$papers/$page")
      [ -z "$said" ] || fail "mandoc: $said"
    fi
    if have man; then
      said=$(MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$papers/$page" 2>&1 >/dev/null)
      [ -z "$said" ] || fail "man $page: $said"
    fi
  done
}

pages_are_of_this_version() {
  local version page
  version=$(sed -n 's/^project(seqshim VERSION \([^ )]*\).*/\1/p' "$source_dir/CMakeLists.txt")
  for page in seqshim.1 libseqshim.7 seqcache.3; do
    grep -qx "\.Os seqshim $version" "$papers/$page" || fail "$page isn't of version $version"
  done
}

options_are_described() {
  local subcommand
  for subcommand in $(subcommands); do
    same "options of $subcommand: --help, seqshim.1" "$(options_of "$subcommand")" "$(options_in_page "$subcommand")"
    grep -q "^\.Cm $subcommand$\|^\.Op Cm $subcommand$" "$papers/seqshim.1" || fail "seqshim.1: no synopsis of $subcommand"
  done
}

# The variables that the library knows; all others are the command's.
variables_are_described() {
  local known of_command
  known=$(sed -n '/kNames = {/,/};/p' "$source_dir/shim/config/config.cc" | grep -o '"[A-Z_]*"' | tr -d '"' | sed 's/^/SEQSHIM_/')
  all_in variables libseqshim.7 "$known"
  of_command=$(grep -rho --include='*.cc' --exclude='*_test.cc' '"SEQSHIM_[A-Z_]\+"' "$source_dir/shim/cli" | tr -d '"' | sort -u)
  all_in "the command's variables" seqshim.1 "$of_command"
  same "variables: known, described" "$known $of_command" \
    "$(grep -how 'SEQSHIM_[A-Z][A-Z_]*' "$papers/seqshim.1" "$papers/libseqshim.7" | sort -u) $of_command"
}

report_is_described() {
  local table
  for table in kHandBackNames kRungNames; do
    all_in "$table" libseqshim.7 "$(sed -n "/$table = {/,/};/p" "$source_dir/shim/report/counters.cc" | grep -o '"[a-z-]*"' | tr -d '"')"
  done
  all_in "members of the JSON" libseqshim.7 \
    "$(grep -rhoE --include='*.cc' --exclude='*_test.cc' '\b(number|string|key)\("[a-z_]+"' "$source_dir/shim/report" | cut -d'"' -f2 | sort -u)"
  all_in "events of the log" libseqshim.7 \
    "$(grep -rhoE '(log_event\([^"]*|Event\{[^"]*)"[a-z-]+"' --include='*.cc' --exclude='*_test.cc' "$source_dir/shim" | cut -d'"' -f2 | sort -u)"
}

# What is in seqcache.3 compiles beside the headers.
library_is_described() {
  local header=$source_dir/include/seqshim compiler=${CC:-cc} line text
  all_in "functions in C" seqcache.3 "$(grep -o 'seqcache_[a-z_]*(' "$header/seqcache_c.h" | tr -d '(' | sort -u)"
  text=$(sed 's,//.*,,' "$header"/*.h | tr -s ' \n' '  ' | sed 's/, }/ }/g')
  sections seqcache.3 SYNOPSIS | sed -n '/^\.Bd/,/^\.Ed/{/^\./!p}' | tr -s ' \n' '  ' | sed 's/\([;{]\) /\1\n/g' |
    while read -r line; do
      line=${line%[;\{]}
      [[ $text == *"${line% }"* || $line = '}' ]] || echo "$line"
    done >unknown
  [ ! -s unknown ] || fail "seqcache.3 declares what no header has: $(<unknown)"
  have "$compiler" || return
  {
    echo '#include <seqshim/seqcache_c.h>'
    echo '#include <unistd.h>'
    echo 'int flush(int fd, SeqCache *s); int flush(int fd, SeqCache *s) {'
    sections seqcache.3 EXAMPLES | sed -n '/^\.Bd/,/^\.Ed/{/^\./!p}'
    echo 'return 0; }'
    if have mandoc; then
      # Declared again: any difference is an error.
      mandoc -T ascii "$papers/seqcache.3" | col -bx | sed -n '/^SYNOPSIS/,/seqcache\.h>/{/^  .*[^>]$/p}'
    fi
  } >example.c
  "$compiler" -std=c99 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -I"$source_dir/include" example.c 2>errors ||
    fail "seqcache.3: $(<errors)"
}

# --- Completions. Each shell is asked what it offers at the end of a line: one a line.

# As bash itself calls the function. Readline divides words at = and : as well.
asked_of_bash() {
  local COMP_LINE=$1 COMP_POINT=${#1} COMP_CWORD beginning
  local -a COMP_WORDS COMPREPLY=()
  mapfile -t COMP_WORDS < <(sed -E 's/[=:]+/\n&\n/g; s/ +/\n/g' <<<"$1" | grep .)
  [[ $1 != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  beginning=${COMP_WORDS[COMP_CWORD]}
  [[ $beginning != [=:]* ]] || beginning=
  _seqshim seqshim "$beginning" "${COMP_WORDS[COMP_CWORD - 1]}" 2>>errors
  printf '%s\n' "${COMPREPLY[@]}"
}

asked_of_fish() {
  file=$papers/seqshim.fish line=$1 \
    fish -c 'source $file; complete -c word-tool -a "alpha beta"; complete -C $line' 2>>errors | cut -f 1
}

# It takes a second to start, so it is asked for all lines at once, before.
asked_of_zsh() { awk -v RS= -v line="$1" -F '\n' '$1 == "> " line {for (i = 2; i <= NF; ++i) print $i}' answers; }

# offers SHELL LINE WORD...: all of them, and perhaps others.
offers() {
  local shell=$1 line=$2 word offered
  offered=$("asked_of_$shell" "$line")
  for word in "${@:3}"; do
    grep -qxF -- "$word" <<<"$offered" ||
      fail "$shell: '$line' isn't completed to '$word', but to '${offered//$'\n'/, }'"
  done
}

# offers_only SHELL LINE WORD...: exactly these.
offers_only() { same "$1: '$2' is completed to, and should be" "$("asked_of_$1" "$2")" "${*:3}"; }

# offers_options SHELL LINE SUBCOMMAND: what its --help lists.
offers_options() {
  same "$1: '$2' is completed to, and --help lists" \
    "$("asked_of_$1" "$2" | sed -n 's/=$//; /^-./p')" "$(options_of "$3")"
}

# completes SHELL: what has to be so in each of them.
completes() {
  local shell=$1 subcommand
  for subcommand in $(subcommands); do
    offers "$shell" 'seqshim ' "$subcommand"
    offers_options "$shell" "seqshim $subcommand -" "$subcommand"
  done
  offers_options "$shell" 'seqshim -' run
  offers_options "$shell" 'seqshim -m x -' run
  offers_only "$shell" 'seqshim --engine ' auto thread sync
  offers_only "$shell" 'seqshim run --depth 3 --guard o' on off
  offers_only "$shell" 'seqshim --depth '
  offers "$shell" 'seqshim -m x --log a' a-file 'a file'
  offers "$shell" 'seqshim -r a' a-file
  offers "$shell" 'seqshim doctor a' a-file 'a file'
  offers "$shell" 'seqshim report --html x a' a-file.json
  offers "$shell" 'seqshim our-' our-tool
  offers "$shell" 'seqshim run our-' our-tool
  offers "$shell" 'seqshim compare -- our-' our-tool
  offers "$shell" 'seqshim profile --json x our-' our-tool
  offers "$shell" 'seqshim doctor -- our-' our-tool
  # A command's options are its own.
  offers "$shell" 'seqshim -m x our-tool a' a-file
  offers "$shell" 'seqshim -m x -- our-tool --log a' a-file
  offers_only "$shell" 'seqshim -m x our-tool --eng'
  [ ! -s errors ] || fail "$shell: $(sort -u errors)"
}

# The command's own completion is asked.
hands_over() {
  offers "$1" 'seqshim -m x word-tool ' alpha beta
  offers_only "$1" 'seqshim -m x:y --depth=3 -- word-tool one alp' alpha
  offers_only "$1" 'seqshim doctor -- word-tool bet' beta
}

bash_completes() {
  . "$papers/seqshim.bash"
  complete -p seqshim >/dev/null || fail "bash: nothing is registered"
  completes bash
  offers_only bash 'seqshim ' "$(subcommands)"
  offers bash 'seqshim --report=a' a-file
  offers bash 'seqshim compare --json a' a-file
  offers bash 'seqshim -m x:a' a-file
  offers bash 'seqshim -m a:b our-' our-tool
  # What readline would replace is all of the word.
  COMP_WORDBREAKS=' '
  local COMP_LINE='seqshim --log=a-f' COMP_POINT=17 COMP_CWORD=1 COMP_WORDS=(seqshim --log=a-f) COMPREPLY
  _seqshim seqshim --log=a-f seqshim 2>/dev/null
  same "bash, where = doesn't divide words" "${COMPREPLY[*]}" '--log=a-file --log=a-file.json'
}

bash_hands_over() {
  local library=/usr/share/bash-completion/bash_completion
  [ -e "$library" ] || { echo "skipped: there is no bash-completion here" >&2; return; }
  set +u
  . "$library"
  . "$papers/seqshim.bash"
  complete -W 'alpha beta' word-tool
  hands_over bash
}

# What is typed, and what arrives in the program.
bash_completes_what_is_typed() {
  have script || return
  cat >rc <<END
. "$papers/seqshim.bash"
seqshim() { printf '<%s>' "\$@" >>typed; }
PS1=
bind 'set bell-style none'
END
  printf '%s\n' $'seqshim docto\t a-file.j\t' $'seqshim --log=a\\ f\t --eng\tsy\tour-to\ta-file.j\t' exit |
    script -qec 'bash --rcfile rc -i' /dev/null >/dev/null 2>&1
  [ "$(<typed)" = '<doctor><a-file.json><--log=a file><--engine><sync><our-tool><a-file.json>' ] ||
    fail "bash: what was typed became $(<typed)"
}

zsh_completes() {
  have zsh || return
  zsh -n "$papers/_seqshim" 2>errors || fail "zsh: $(<errors)"
  # The lines that completes() is going to ask for.
  (asked_of_zsh() { echo "$1" >&3; }; completes zsh; hands_over zsh) 3>lines 2>/dev/null
  mapfile -t lines <lines
  zsh -f "$asker" "$papers" "${lines[@]}" 2>errors |
    sed 's/\\ / /g' >answers
  completes zsh
  hands_over zsh
}

fish_completes() {
  have fish || return
  fish -n "$papers/seqshim.fish" 2>errors || fail "fish: $(<errors)"
  completes fish
  hands_over fish
}

mkdir -p "$work/bin"
printf '#!/bin/sh\n' | tee "$work/bin/our-tool" >"$work/bin/word-tool"
chmod +x "$work"/bin/*
export PATH="$work/bin:$PATH"
touch a-file 'a file' a-file.json

pages_are_clean
pages_are_of_this_version
options_are_described
variables_are_described
report_is_described
library_is_described
for part in bash_completes bash_hands_over bash_completes_what_is_typed zsh_completes fish_completes; do
  : >errors
  (failures=0; $part; exit "$failures") || failures=$((failures + $?))
done
[ "$failures" = 0 ]
