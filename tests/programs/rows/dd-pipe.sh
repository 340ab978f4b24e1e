# shellcheck shell=bash disable=SC2034
needs=dd
run() {
  cat "$IN/noise-5M" | dd of=f bs=1M iflag=fullblock status=noxfer
  { cat "$IN/text"; sleep 0.1; cat "$IN/text"; } | dd of=g bs=10240 iflag=fullblock status=noxfer
}
