/*
 * The program of the example: field SHARED OWN RECORDS
 *
 * Each rank writes so many records of 16 KiB, one at a time: to the file SHARED, rank by rank, by
 * collective MPI-IO; and to a file of its own, OWN with the rank's number behind it, also by
 * MPI-IO.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum { VALUES = 2048 };

static void check(int error, const char* what) {
  char text[MPI_MAX_ERROR_STRING];
  int length;
  if (error == MPI_SUCCESS) return;
  MPI_Error_string(error, text, &length);
  fprintf(stderr, "field: %s: %s\n", what, text);
  MPI_Abort(MPI_COMM_WORLD, 1);
}

static MPI_File open_to_write(MPI_Comm who, const char* path) {
  MPI_File file;
  check(MPI_File_open(who, path, MPI_MODE_CREATE | MPI_MODE_WRONLY, MPI_INFO_NULL, &file), path);
  return file;
}

static void fill(double* record, int rank, long number) {
  int i;
  for (i = 0; i < VALUES; i++) record[i] = rank * 1e9 + (double)number + i / 4096.0;
}

int main(int argc, char** argv) {
  static double record[VALUES];
  char own_path[4096];
  MPI_File shared, own;
  long i, count;
  int rank;

  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (argc != 4) {
    if (rank == 0) fprintf(stderr, "usage: field SHARED OWN RECORDS\n");
    MPI_Finalize();
    return 2;
  }
  count = atol(argv[3]);
  snprintf(own_path, sizeof own_path, "%s.%d", argv[2], rank);

  shared = open_to_write(MPI_COMM_WORLD, argv[1]);
  own = open_to_write(MPI_COMM_SELF, own_path);
  for (i = 0; i < count; i++) {
    const MPI_Offset place = ((MPI_Offset)rank * count + i) * (MPI_Offset)sizeof record;
    fill(record, rank, i);
    check(MPI_File_write_at_all(shared, place, record, VALUES, MPI_DOUBLE, MPI_STATUS_IGNORE),
          argv[1]);
    check(MPI_File_write(own, record, VALUES, MPI_DOUBLE, MPI_STATUS_IGNORE), own_path);
  }
  check(MPI_File_close(&own), own_path);
  check(MPI_File_close(&shared), argv[1]);
  MPI_Finalize();
  return 0;
}
