// The program that is killed.
#pragma once

namespace kills {

/// --writer KIND SEED WAY LANE BLOCK_FD DIRECTORY STATIC_PROGRAM [FD]: writes the lane's records
/// (of lane 0: all lanes'), to FD if given, else to the files a and b in the directory.
int writer_main(int argc, char** argv);

}  // namespace kills
