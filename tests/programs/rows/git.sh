# shellcheck shell=bash disable=SC2034
needs=git
run() {
  git init -q -b main repo; cd repo
  git config gc.auto 0; git config pack.threads 1
  cp -r "$IN/src" "$IN/text" "$IN/noise" .
  git add .; git commit -qm one
  cp "$IN/small-text" text; git commit -qam two; git tag -a -m tagged v1
  git gc -q --prune=now; git fsck --strict
  git clone -q --no-hardlinks . ../clone; git -C ../clone log --format=%H
  git archive -o ../a.tar HEAD; git bundle create -q ../b.bundle --all; git checkout -q HEAD~1 -- text
}
# The index holds times and inode numbers.
normalise() {
  for repo in */; do git -C "$repo" ls-files -s >"$repo/index"; rm "$repo/.git/index"; done
}
title='git add and gc, stored'
large() {
  git init -q -b main repo; cd repo
  git config core.compression 0; git config gc.auto 0; git config pack.threads 1
  git config core.bigFileThreshold 1m
  git --work-tree="$IN/large-tree" add .; git commit -qm one; git gc -q --prune=now
}
