# shellcheck shell=bash disable=SC2034
# zsh keeps its descriptors at 10 and up; ksh buffers for itself.
needs='zsh ksh'
run() {
  local shell script
  script=$(cat <<'SH'
    i=0; while [ $i -lt 300 ]; do echo "line $i"; i=$((i + 1)); done >builtin
    { echo a; seq 20000; echo b; dd if="$IN/noise" bs=999 count=500 status=none; printf '%05000d\n' 7; } >group
    (echo sub; seq 3000 | sed s/1/one/; echo shell) >subshell
    exec 3>kept; echo one >&3; seq 5000 >&3; echo two >&3; exec 3>&-
    exec 4<>both; seq 3000 >&4; echo end >&4; exec 4>&-
    cat >here <<END
$(seq 2000)
END
    { { echo out; echo err >&2; } >o 2>e; cat o e; } >oe
    (seq 4000; exec seq 4000) >executed
    { seq 1000 & wait; echo waited; } >background
    echo x >truncated; seq 100 >|truncated; wc -c <truncated
SH
)
  for shell in zsh ksh; do
    mkdir $shell
    (cd $shell && $shell -c "$script")
  done
}
title='ksh print in a loop > file'
large() { ksh -c 'i=0; l=$(printf %01000d 7); while ((i++ < 20000)); do print -r -- "$l"; done >a'; }
