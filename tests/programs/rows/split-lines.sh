# shellcheck shell=bash disable=SC2034
needs='split csplit'
run() { split -l 7777 "$IN/text" part.; csplit -s -f cut. "$IN/text" 5000 '{3}'; split -n r/4 "$IN/text" robin.; }
title='split -l'
large() { split -l 200000 "$IN/large-text"; }
