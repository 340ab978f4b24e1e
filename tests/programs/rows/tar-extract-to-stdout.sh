# shellcheck shell=bash disable=SC2034
needs=tar
run() { tar xOf "$IN/tree.tar" tree/deep/er/big tree/f513 >both; }
title='tar xOf > file'
large() { tar xOf "$IN/large.tar" >files; }
