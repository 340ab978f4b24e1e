# shellcheck shell=bash disable=SC2034
# The file systems that are tried: mount_KIND mounts one, on a disk image of its own below $WORK, as
# $FS. Everything is gone with the mount namespace, which run.sh is alone in.

# unmount: all that is mounted below $WORK, the last first.
unmount() {
  local place
  findmnt -rno TARGET | grep "^$WORK/" | tac | while read -r place; do
    umount "$place" 2>/dev/null || umount -l "$place"
  done
}

# image MIB: a new image, in $image.
image() {
  image=$WORK/image
  rm -f "$image"
  truncate -s "$1M" "$image"
}

# mount_image TYPE OPTIONS: what the image holds.
mount_image() {
  mkdir -p "$WORK/mounted"
  mount -t "$1" -o "loop,$2" "$image" "$WORK/mounted" 2>"$WORK/mount.log" ||
    { cat "$WORK/mount.log" >&2; skip "no $1 can be mounted here"; }
  FS=$WORK/mounted
}

# ext4 MKFS_OPTION... -- [MOUNT_OPTION]
ext4() {
  local options=()
  need mkfs.ext4
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  image 4096
  mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 "${options[@]}" "$image"
  mount_image ext4 "${2:-noatime}"
}

mount_ext4() { ext4 -b 4096 --; }
mount_ext4_1k() { ext4 -b 1024 --; }
mount_ext4_journalled() { ext4 -b 4096 -- data=journal; }
mount_ext4_unjournalled() { ext4 -b 4096 -O ^has_journal --; }

mount_xfs() {
  need mkfs.xfs
  image 4096
  mkfs.xfs -q -f -m reflink=1 "$image"
  mount_image xfs noatime
}

btrfs() {
  need mkfs.btrfs
  image 4096
  mkfs.btrfs -q -f "$image" >/dev/null
  mount_image btrfs "$1"
}
mount_btrfs() { btrfs noatime; }
mount_btrfs_nodatacow() { btrfs nodatacow; }

mount_tmpfs() {
  FS=$WORK/mounted
  mkdir -p "$FS"
  mount -t tmpfs -o size=4g none "$FS"
}

# overlay: over what is mounted.
overlay() {
  local below=$FS
  mkdir -p "$below"/{lower,upper,work} "$WORK/overlaid"
  mount -t overlay -o "lowerdir=$below/lower,upperdir=$below/upper,workdir=$below/work" none \
    "$WORK/overlaid" 2>/dev/null || skip "no overlayfs here"
  FS=$WORK/overlaid
}
mount_overlay() { mount_ext4; overlay; }
mount_overlay_on_journalled() { mount_ext4_journalled; overlay; }
mount_overlay_on_tmpfs() { mount_tmpfs; overlay; }

mount_sectors_4k() {
  local loop
  need losetup mkfs.ext4
  image 4096
  loop=$(losetup -f --show --sector-size 4096 "$image") || skip "no loop device of 4096-byte sectors"
  mkfs.ext4 -q -F "$loop"
  FS=$WORK/mounted
  mkdir -p "$FS"
  mount "$loop" "$FS"
  losetup -d "$loop" # when it is unmounted
}

mount_fat() {
  need mkfs.vfat
  image 2048
  mkfs.vfat "$image" >/dev/null
  mount_image vfat noatime
}

# fuse OPTION...: ours, over a directory of the disk that $SCRATCH is on; its faults in $FAULTS.
fuse() {
  few=3 # sequences: each of its calls takes its time
  [ -e /dev/fuse ] || skip "no FUSE here"
  [ -x "$BUILD/tests/faulty_fs" ] || skip "it was built without libfuse3-dev"
  FAULTS=$WORK/faults
  : >"$FAULTS"
  mkdir -p "$WORK/below" "$WORK/mounted"
  FS=$WORK/mounted
  "$BUILD/tests/faulty_fs" "$WORK/below" "$FAULTS" "$FS" "$@" || skip "FUSE can't be mounted here"
}
mount_fuse() { fuse; }
mount_fuse_without_direct() { fuse --refuse-direct; }
mount_fuse_odd() { fuse --odd-buffers; }
