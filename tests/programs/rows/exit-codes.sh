# shellcheck shell=bash disable=SC2034
needs='bash dash'
run() { in_shells <<'SH'
  code() { c=0; "$@" || c=$?; echo "$c"; }
  code sh -c 'seq 1000 >f; exit 7'
  code sh -c 'exec >g; dd if=/dev/zero bs=1000 count=300 status=none; exec false'
  code sh -c 'exec >h; seq 1000; kill -TERM $$' 2>/dev/null
  code sh -c 'yes 2>/dev/null | head -c 1000000 >i'
  code timeout 0.2 sh -c 'echo x >j; sleep 5'
SH
}
