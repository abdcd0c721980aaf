// Swift's import of the C library has no renameat2: it is declared for _GNU_SOURCE only.
#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

int deepcritic_exchange_names(const char *one, const char *other) {
#if defined(__linux__) && defined(SYS_renameat2)
  // 2 is RENAME_EXCHANGE. By number, since not every C library has the function.
  return syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2) == 0 ? 0 : errno;
#elif defined(__APPLE__)
  return renamex_np(one, other, RENAME_SWAP) == 0 ? 0 : errno;
#else
  (void)one;
  (void)other;
  return ENOSYS;
#endif
}

void deepcritic_begin_writeback(int file, long long from, long long count) {
#if defined(__linux__) && defined(__GLIBC__)
  sync_file_range(file, from, count, SYNC_FILE_RANGE_WRITE);
#else
  (void)file;
  (void)from;
  (void)count;
#endif
}
