# shellcheck shell=bash disable=SC2034
# ofstream buffers for itself and calls write and writev; cout goes through stdio.
needs=g++
prepare() {
  cat >"$BESIDE/w.cc" <<'CC'
#include <fstream>
#include <iostream>
#include <string>
#include <vector>
int main(int count, char**) {
  if (count > 1) {
    std::ofstream out("a", std::ios::binary);
    const std::string record(100, 'x');
    for (int i = 0; i < 200000; ++i) out << record << '\n';
    return 0;
  }
  std::ofstream lines("lines");
  for (int i = 0; i < 20000; ++i) lines << "line " << i << '\n';
  lines.seekp(1000);
  lines << "HERE" << std::flush;
  std::cout << lines.tellp() << '\n';
  std::ofstream flushed("flushed");
  for (int i = 0; i < 2000; ++i) flushed << i << std::endl;
  std::ofstream bulk("bulk", std::ios::binary);
  const std::vector<char> block(100001, 'b');
  for (int i = 0; i < 20; ++i) bulk.write(block.data(), static_cast<std::streamsize>(block.size()));
  std::fstream both("both", std::ios::in | std::ios::out | std::ios::trunc | std::ios::binary);
  for (int i = 0; i < 30000; ++i) both << "record " << i << '\n';
  both.seekg(777);
  std::string word;
  both >> word;
  std::cout << word << '\n';
  both.seekp(0, std::ios::end);
  both << "end";
  std::ofstream("lines", std::ios::app) << "appended\n";
  for (int i = 0; i < 5000; ++i) std::cout << "to standard output " << i << '\n';
  std::ios::sync_with_stdio(false);
}
CC
  g++ -O1 -o "$BESIDE/w" "$BESIDE/w.cc"
}
run() { "$BESIDE/w"; "$BESIDE/w" >stdout; }
title='C++ ofstream'
large() { "$BESIDE/w" large; }
