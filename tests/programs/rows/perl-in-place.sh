# shellcheck shell=bash disable=SC2034
needs=perl
run() { cp "$IN/text" a; cp "$IN/small-text" b; perl -i.bak -pe 's/juniper/JUNIPER/' a b; perl -i -ne 'print unless $. % 3 == 0' a; }
title='perl -i'
large() { cp "$IN/large-text" a; perl -pi -e s/fjord/FJORD/ a; }
