// A library, or a program, that has something to write at each stage of the end: by static objects,
// thread-local ones, destructors, atexit, on_exit, at_quick_exit; to C++ streams, stdio and
// numbers.
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

namespace {

const std::string name = NAME;

// All of it, in pieces.
void put(int fd, const std::string& text) {
  for (int i = 0; i < 2000; ++i)
    if (write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) _exit(99);
}

struct Writer {
  std::ofstream stream{name + "-ofstream"};
  FILE* file = fopen((name + "-stdio").c_str(), "w");
  int fd = open((name + "-number").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);

  void say(const char* when) {
    for (int i = 0; i < 500; ++i) stream << name << ' ' << when << ' ' << i << '\n';
    for (int i = 0; i < 500; ++i) fprintf(file, "%s %s %d\n", name.c_str(), when, i);
    put(fd, name + " " + when + "\n");
    std::cout << name << ' ' << when << '\n';
    std::clog << name << ' ' << when << '\n';
  }
  Writer() { say("constructed"); }
  // Neither flushes nor closes the stdio stream, nor the number.
  ~Writer() { say("destroyed"); }
};

Writer writer;

// Not destroyed: only what stdio does by itself at the very end.
FILE* unflushed() {
  static FILE* const file = fopen((name + "-unflushed").c_str(), "w");
  return file;
}

void new_file(const char* when) {
  const int fd = open((name + "-made-" + when).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  put(fd, when);
  fprintf(unflushed(), "%s\n", when);
}

struct OfThread {
  ~OfThread() { new_file("thread-local"); }
};
thread_local OfThread of_thread;

__attribute__((constructor)) void constructed() {
  new_file("constructor");
  atexit([] { new_file("atexit"); });
  at_quick_exit([] { new_file("quick"); });
  on_exit([](int, void*) { new_file("on_exit"); }, nullptr);
  // Used, so that it is destroyed.
  (void)&of_thread;
}
__attribute__((destructor)) void destroyed() { new_file("destructor"); }

}  // namespace

#ifdef MAIN
int main(int, char** arguments) {
  const std::string way = arguments[1];
  std::ios::sync_with_stdio(way != "exit");
  writer.say("main");
  fprintf(unflushed(), "main\n");
  const int out = open("standard-output", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (dup2(out, 1) != 1 || close(out) != 0) return 98;
  std::cout << "to a file, not flushed\n";
  printf("by stdio, not flushed\n");
  if (way == "exit") exit(0);
  if (way == "thread") {
    std::thread([] { exit(0); }).join();
  }
  if (way == "quick_exit") quick_exit(0);
  if (way == "_exit") _exit(0);
  if (way == "pthread_exit") pthread_exit(nullptr);
  return 0;
}
#endif
