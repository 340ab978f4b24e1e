# shellcheck shell=bash disable=SC2034
# No encryption repeats: what is compared is what comes out again.
needs=gpg
encrypt() { gpg --batch -q --no-autostart --pinentry-mode loopback --passphrase x --s2k-count 1024 --compress-algo none "$@"; }
run() {
  encrypt -c -o a.gpg "$IN/noise"; encrypt -c <"$IN/text" >b.gpg; encrypt -d -o a a.gpg; encrypt -d b.gpg >b
  encrypt -ca -o c.asc "$IN/text"; encrypt -d -o c c.asc; gpg --batch -q --enarmor <"$IN/noise" >d; gpg --batch -q --dearmor -o e d
}
normalise() { rm -f ./*.gpg ./*.asc; [ ! -e large ] || cmp large "$IN/large"; }
prepare() { mkdir -m 700 "$HOME/.gnupg"; encrypt -c -o "$BESIDE/large.gpg" "$IN/large"; }
title='gpg -d'
large() { encrypt -d -o large "$BESIDE/large.gpg"; }
