# shellcheck shell=bash disable=SC2034
# EFBIG and SIGXFSZ come where they come without the shim.
managed=no
needs=dd
run() (
  ulimit -f 3001
  code sh -c 'dd if="$IN/noise-5M" of=killed bs=10240 status=none'
  trap '' XFSZ
  code dd if="$IN/noise-5M" of=refused bs=10240 status=noxfer
  code dd if="$IN/noise-5M" of=behind bs=1000 seek=3500 status=noxfer
)
