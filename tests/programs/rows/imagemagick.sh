# shellcheck shell=bash disable=SC2034
# libtiff reads back what it wrote.
convert='convert-im6.q16'
if command -v convert-im7.q16 >/dev/null; then convert='convert-im7.q16'; fi
needs=$convert
picture() { printf 'P6\n%s %s\n255\n' "$2" "$2"; head -c $(($2 * $2 * 3)) "$1"; }
prepare() { picture "$IN/noise" 1000 >"$BESIDE/a.ppm"; picture "$IN/large" 2800 >"$BESIDE/large.ppm"; }
run() {
  "$convert" "$BESIDE/a.ppm" -define tiff:rows-per-strip=16 a.tiff; "$convert" a.tiff -compress zip b.tiff
  "$convert" a.tiff ppm:- >c.ppm; "$convert" a.tiff -sample 50% bmp:d.bmp
  "$convert" a.tiff b.tiff e.tiff; "$convert" a.tiff tiff:- >f.tiff
}
title='convert to tiff'
large() { "$convert" "$BESIDE/large.ppm" a.tiff; }
