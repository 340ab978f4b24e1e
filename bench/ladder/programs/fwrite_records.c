/* fwrite_records COUNT >FILE: records of 100 bytes by stdio, as a billing run or a logger has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const long count = atol(argv[1]);
  char record[101];
  memset(record, '.', sizeof record);
  record[99] = '\n';
  for (long i = 0; i < count; ++i) {
    memcpy(record, &i, sizeof i);
    if (fwrite(record, 100, 1, stdout) != 1) return 1;
  }
  return fclose(stdout) == 0 ? 0 : 1;
}
