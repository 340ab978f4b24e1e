# shellcheck shell=bash disable=SC2034,SC2154
# Libraries whose destructors, static objects and exit handlers write through C++ streams, stdio and
# numbers, before our own end and after: linked and preloaded in all orders, each writes all it has.
setup() {
  need "${CXX:-c++}"
  local name
  for name in one two three; do
    "${CXX:-c++}" -std=c++17 -O2 -Wall -Wextra -Werror -shared -fPIC -DNAME="\"$name\"" \
      -o "$WORK/lib$name.so" "$here/support/ends_in_many_ways.cc"
  done
  "${CXX:-c++}" -std=c++17 -O2 -Wall -Wextra -Werror -DNAME='"main"' -DMAIN -pthread \
    -o "$WORK/ends" "$here/support/ends_in_many_ways.cc" \
    -Wl,--no-as-needed -L"$WORK" -ltwo -Wl,-rpath,"$WORK"
}
run() {
  local way
  for way in return exit thread quick_exit _exit pthread_exit; do
    mkdir "$way"
    (cd "$way" && before=$WORK/libone.so after=$WORK/libthree.so preloaded "$WORK/ends" "$way") ||
      echo "$way: $?"
  done
  mkdir other-order
  (cd other-order && before=$WORK/libthree.so after=$WORK/libone.so preloaded "$WORK/ends" return)
}
