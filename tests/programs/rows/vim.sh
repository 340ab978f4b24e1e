# shellcheck shell=bash disable=SC2034
needs=vim.tiny
run() { cp "$IN/text" text; vim.tiny -u NONE -es -c '%s/fjord/FJORD/g' -c 'g/cedar/d' -c 'set backup' -c w -c 'w copy' -c q text; }
title='vim -es'
large() { vim.tiny -u NONE -es -c "w copy" -c q "$IN/large-text"; }
