# shellcheck shell=bash disable=SC2034
needs='tar bzip2'
run() { tar -cjf a.tbz -C "$IN" src tree/deep/er; }
