# shellcheck shell=bash disable=SC2034
# libtiff reads back what it wrote.
needs=convert-im6.q16
picture() { printf 'P6\n%s %s\n255\n' "$2" "$2"; head -c $(($2 * $2 * 3)) "$1"; }
prepare() { picture "$IN/noise" 1000 >"$BESIDE/a.ppm"; picture "$IN/large" 2800 >"$BESIDE/large.ppm"; }
run() {
  convert-im6.q16 "$BESIDE/a.ppm" -define tiff:rows-per-strip=16 a.tiff; convert-im6.q16 a.tiff -compress zip b.tiff
  convert-im6.q16 a.tiff ppm:- >c.ppm; convert-im6.q16 a.tiff -sample 50% bmp:d.bmp
  convert-im6.q16 a.tiff b.tiff e.tiff; convert-im6.q16 a.tiff tiff:- >f.tiff
}
title='convert to tiff'
large() { convert-im6.q16 "$BESIDE/large.ppm" a.tiff; }
