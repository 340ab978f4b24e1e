# shellcheck shell=bash disable=SC2034
# No encryption repeats: what is compared is what comes out again.
needs=gpg
quick() { gpg --batch -q --no-autostart --pinentry-mode loopback --passphrase x "$@"; }
# Complains that there is no agent, when all is done.
encrypt() { quick --s2k-count 1024 --compress-algo none "$@" 2>/dev/null || true; }
prepare() { mkdir -m 700 "$HOME/.gnupg"; encrypt -c -o "$BESIDE/large.gpg" "$IN/large"; }
run() {
  encrypt -c -o a.gpg "$IN/noise"; encrypt -c <"$IN/text" >b.gpg; encrypt -ca -o c.asc "$IN/text"
  quick -d -o a a.gpg; quick -d b.gpg >b; quick -d -o c c.asc; quick --enarmor <"$IN/noise" >d; quick --dearmor -o e d
}
normalise() { rm -f ./*.gpg ./*.asc; [ ! -e large ] || cmp large "$IN/large"; }
title='gpg -d'
large() { quick -d -o large "$BESIDE/large.gpg"; }
