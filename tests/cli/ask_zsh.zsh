# What zsh offers at the end of each line: "> LINE", the words one a line, an empty line.
#   zsh -f ask_zsh.zsh DIRECTORY_OF_THE_FUNCTION LINE...
zmodload zsh/zpty zsh/zselect || exit 1
answer=$(mktemp)
zpty shell zsh -f -i

# A widget that has the words written to a file instead of shown, by way of the builtin that all
# completion functions end in, unless it only fills arrays. The command word-tool has two words.
zpty -w shell "PROMPT=; stty -echo; fpath=(${(q)1} \$fpath); answer=${(q)answer}"
zpty -w shell 'autoload -Uz compinit && compinit -u -D
  compadd() {
    local -a words
    if [[ " $* " != *" -"[OAD]" "* ]]; then
      builtin compadd -A words "$@"
      print -rl -- $words >>$answer
    fi
    builtin compadd "$@"
  }
  its_words() { compadd alpha beta }
  compdef its_words word-tool
  offer() { _main_complete; compstate[list]= compstate[insert]=; print END >>$answer }
  zle -C offer complete-word offer && bindkey "^I" offer && print -r END >$answer'

await() {
  local i
  for (( i = 0; i < 500; ++i )); do
    zpty -r -t shell >/dev/null
    [[ $(tail -n 1 $answer) != END ]] || return 0
    zselect -t 1
  done
  print -u 2 "zsh: no answer to '$line'"
  exit 1
}

await
for line in "${@:2}"; do
  : >$answer
  zpty -w -n shell "$line"$'\t'
  await
  zpty -w -n shell $'\x15'
  print -r -- "> $line"
  grep -v '^END$\|^$' $answer
  print
done
zpty -d shell
rm -f $answer
