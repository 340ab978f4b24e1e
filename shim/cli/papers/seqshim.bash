# shellcheck shell=bash
# Completion of seqshim's command line for bash, with bash-completion or without.

_seqshim_subcommands='run compare profile doctor report'

# The options of a subcommand, in `options`, with a blank around each. A colon behind one: its value
# is the next word. An equals sign: it may have a value, behind an equals sign.
_seqshim_find_options() {
  local common='-h --help --version'
  local settings='-m: --match: -r: --read: --cluster: --depth: --memory: --engine: --append --guard: --idle: --rate: --sync'
  case $1 in
    run) options="$settings --report= --log: --config: -v --verbose --progress --dry-run" ;;
    compare)
      options="$settings -n: --rounds: -w: --warmup: -p: --prepare: --input: --output: --show-output"
      options+=' -i --ignore-failure --check --no-check --json: --plot:'
      ;;
    profile) options='-m: --match: -o: --output: --json: --folded: --by: --every: --top:' ;;
    doctor) options='-m: --match: --json' ;;
    report) options='--html:' ;;
  esac
  options=" $common $options "
}

# What follows is put into COMPREPLY.

_seqshim_words() { # BEGINNING WORD...
  mapfile -t COMPREPLY < <(compgen -W "${*:2}" -- "$1")
}

_seqshim_files() { # BEGINNING
  # Readline marks directories then, and quotes blanks.
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "${1//\\/}")
}

# What may stand for the value of an option: names of files if nothing else is known.
_seqshim_value() { # OPTION BEGINNING
  local lead=
  case $1 in
    --engine) _seqshim_words "$2" auto thread sync ;;
    --guard) _seqshim_words "$2" on off ;;
    --by) _seqshim_words "$2" bytes calls time ;;
    --cluster | --depth | --memory | --idle | --rate | -n | --rounds | -w | --warmup) ;;
    -p | --prepare | --every | --top) ;;
    -m | --match | -r | --read)
      lead=${2%"${2##*:}"} # one pattern of several
      _seqshim_files "${2#"$lead"}"
      ;;
    *) _seqshim_files "$2" ;;
  esac
  COMPREPLY=("${COMPREPLY[@]/#/"$lead"}")
}

# The command that begins at COMP_WORDS[$1] completes its own words.
_seqshim_command() { # INDEX BEGINNING
  if declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$1"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$1"
  else
    local -a names=()
    ((COMP_CWORD > $1)) || mapfile -t names < <(compgen -c -- "$2")
    _seqshim_files "$2"
    COMPREPLY+=("${names[@]}")
  fi
}

# Readline divides words at = and : as well. Sets `words` to what the shell will make of the line up
# to the cursor, and `starts` to where in COMP_WORDS each of them begins.
_seqshim_read_line() {
  local line=${COMP_LINE:0:COMP_POINT} piece i
  words=() starts=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if [[ $i = 0 || $line == [[:blank:]]* ]]; then
      line=${line#"${line%%[![:blank:]]*}"}
      words+=('') starts+=("$i")
    fi
    piece=${COMP_WORDS[i]}
    [[ $line == "$piece"* ]] || piece=$line # the cursor is within it
    words[-1]+=$piece
    line=${line:${#piece}}
  done
}

_seqshim() {
  local beginning=$2 # of what readline replaces
  local words starts options subcommand=run i=1
  COMPREPLY=()
  _seqshim_read_line
  local last=$((${#words[@]} - 1))
  if ((last > 1)) && [[ " $_seqshim_subcommands " == *" ${words[1]} "* ]]; then
    subcommand=${words[1]}
    i=2
  fi
  _seqshim_find_options "$subcommand"
  for (( ; i < last; i++)); do
    case ${words[i]} in
      --)
        [[ $subcommand != report ]] || continue
        _seqshim_command "${starts[i + 1]}" "$beginning"
        return
        ;;
      --*=*) ;;
      -?*) [[ $options != *" ${words[i]}: "* ]] || ((++i)) ;;
      *)
        [[ $subcommand != doctor && $subcommand != report ]] || continue
        _seqshim_command "${starts[i]}" "$beginning"
        return
        ;;
    esac
  done
  if ((i > last)); then
    _seqshim_value "${words[last - 1]}" "$beginning"
  elif [[ ${words[last]} == --*=* ]]; then
    local lead=
    # Where = doesn't divide words, what stands before it is to be replaced as well.
    [[ $beginning != --*=* ]] || lead=${beginning%%=*}=
    _seqshim_value "${words[last]%%=*}" "${beginning#"$lead"}"
    COMPREPLY=("${COMPREPLY[@]/#/"$lead"}")
  elif [[ ${words[last]} == -* ]]; then
    # shellcheck disable=SC2086 # they are words
    _seqshim_words "$beginning" ${options//:/}
  elif [[ $subcommand = doctor || $subcommand = report ]]; then
    _seqshim_files "$beginning"
  elif ((last == 1)); then
    local -a names
    # shellcheck disable=SC2086
    _seqshim_words "$beginning" $_seqshim_subcommands
    [[ -n $beginning ]] || return # not all commands that there are
    names=("${COMPREPLY[@]}")
    _seqshim_command 1 "$beginning"
    COMPREPLY+=("${names[@]}")
  else
    _seqshim_command "${starts[last]}" "$beginning"
  fi
}

complete -F _seqshim seqshim
