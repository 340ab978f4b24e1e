# What every case runs, in an empty directory: usual.sh INPUT WRITER.
# shellcheck shell=sh
set -eu
input=$1 writer=$2
archive() { tar cf "$1" -C "$input" --exclude tree/f1 --exclude tree/empty tree; }
dd if="$input/noise" of=dd bs=777 status=none
# Without what only root can read.
archive tar
archive - | gzip -1 >tar.gz
{
  echo head
  dd if="$input/noise" bs=999 count=1500 status=none
  echo middle
  head -n 2000 "$input/text"
  (dd if="$input/noise" bs=10240 count=50 status=none)
} >group
cp "$input/noise" copy
sort -o sorted "$input/small-text"
mkdir extracted
tar xf tar -C extracted --no-same-owner
find extracted -type f -exec cat {} + | wc -c
"$writer"
