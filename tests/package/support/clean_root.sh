#!/usr/bin/env bash
# clean_root.sh DIR COMMAND...: runs the command as if it had this system to itself: what it changes is
# gone when it ends, but for what it writes below DIR. DIR/changed then lists those files. Needs root;
# 77: can't be done here.
set -euo pipefail
dir=$(realpath "$1")
shift

# What stands in single quotes is for the shell within.
# shellcheck disable=SC2016
exec unshare --mount --pid --fork --kill-child bash -euc '
  dir=$1 top=$1/root
  shift
  mkdir -p "$top"
  mount -t tmpfs none "$top"
  mkdir "$top/changes" "$top/scratch" "$top/root"
  mount -t overlay none -o "lowerdir=/,upperdir=$top/changes,workdir=$top/scratch" "$top/root" || exit 77
  mount -t proc none "$top/root/proc"
  mount --rbind /dev "$top/root/dev"
  mount --bind "$dir" "$top/root$dir"
  code=0
  chroot "$top/root" /usr/bin/env -i HOME=/root LC_ALL=C.UTF-8 TZ=UTC PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" ||
    code=$?
  (cd "$top/changes" && find . -not -type d) >"$dir/changed"
  exit "$code"
' bash "$dir" "$@"
