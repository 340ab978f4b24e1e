# shellcheck shell=bash disable=SC2034
needs='csplit uniq shuf'
run() {
  csplit -s -f part. "$IN/text" 1000 20000 '{0}' 39000; csplit -s -z -f match. -n 4 "$IN/small-text" '/00 /' '{*}'
  uniq -w 2 "$IN/text" first; uniq -c -f 1 <"$IN/text" >counted
  shuf --random-source="$IN/noise" "$IN/text" >shuffled; shuf -i 1-50000 --random-source="$IN/noise" -o numbers
}
title='csplit in halves'
large() { csplit -s "$IN/large-text" 300000; }
