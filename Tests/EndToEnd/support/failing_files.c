// Loaded before the C library (LD_PRELOAD): file calls below one folder fail on purpose. For tests only.
//
// FAULT_FOLDER  the folder; calls about other paths pass
// FAULT_AT      the call, counted from 1, at which it happens; 0 counts only
// FAULT_KIND    "io", "full" (this call and every write after it), "power" (what was not synced is cut to half, and the
//               process ends)
// FAULT_COUNT   a file that receives the number of calls
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES = 4096 };
static char *names[FILES];     // path by descriptor, for descriptors below the folder
static int is_dirty[FILES];
static struct { char path[PATH_MAX]; } unsynced[256];
static int unsynced_count;
static long calls;
static int is_full;

static const char *setting(const char *name) { const char *v = getenv(name); return v ? v : ""; }

static int is_watched(const char *path) {
  const char *folder = setting("FAULT_FOLDER");
  return *folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static void mark(const char *path) {
  for (int i = 0; i < unsynced_count; i++) if (strcmp(unsynced[i].path, path) == 0) return;
  if (unsynced_count < 256) snprintf(unsynced[unsynced_count++].path, PATH_MAX, "%s", path);
}

static void unmark(const char *path) {
  for (int i = 0; i < unsynced_count; i++) {
    if (strcmp(unsynced[i].path, path) == 0) unsynced[i--] = unsynced[--unsynced_count];
  }
}

static void power_fails(void) {
  for (int i = 0; i < unsynced_count; i++) {
    struct stat facts;
    if (stat(unsynced[i].path, &facts) == 0 && S_ISREG(facts.st_mode) && truncate(unsynced[i].path, facts.st_size / 2)) {}
  }
  _exit(137);
}

// Counts a call; nonzero when it is to fail with that error.
static int fails(int needs_room) {
  calls++;
  long at = atol(setting("FAULT_AT"));
  if (at == 0 || calls < at) return 0;
  const char *kind = setting("FAULT_KIND");
  if (strcmp(kind, "power") == 0) power_fails();
  if (strcmp(kind, "full") == 0) {
    is_full = 1;
    return needs_room ? ENOSPC : 0;
  }
  return calls == at ? EIO : 0;
}

__attribute__((destructor)) static void report(void) {
  const char *path = setting("FAULT_COUNT");
  if (!*path) return;
  FILE *out = fopen(path, "w");
  if (!out) return;
  fprintf(out, "%ld\n", calls);
  fclose(out);
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int opened(int file, const char *path) {
  if (file >= 0 && file < FILES) {
    free(names[file]);
    names[file] = strdup(path);
    is_dirty[file] = 0;
  }
  return file;
}

static int open_any(const char *symbol, const char *path, int flags, mode_t mode) {
  REAL(int, symbol, const char *, int, ...);
  int code = is_watched(path) ? fails(flags & O_CREAT) : 0;
  if (code) { errno = code; return -1; }
  int file = real(path, flags, mode);
  return is_watched(path) ? opened(file, path) : file;
}

int open(const char *path, int flags, ...) {
  va_list list; va_start(list, flags); mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0; va_end(list);
  return open_any("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list list; va_start(list, flags); mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0; va_end(list);
  static int (*real)(const char *, int, ...);
  (void)real;
  return open_any("open", path, flags | O_LARGEFILE, mode);
}

static const char *name_of(int file) { return file >= 0 && file < FILES ? names[file] : NULL; }

ssize_t write(int file, const void *from, size_t n) {
  REAL(ssize_t, "write", int, const void *, size_t);
  const char *name = name_of(file);
  if (!name) return real(file, from, n);
  int code = fails(1);
  if (code) { errno = code; return -1; }
  mark(name);
  return real(file, from, n);
}

int fsync(int file) {
  REAL(int, "fsync", int);
  const char *name = name_of(file);
  if (!name) return real(file);
  int code = fails(1);
  if (code) { errno = code; return -1; }
  unmark(name);
  return real(file);
}

int close(int file) {
  REAL(int, "close", int);
  if (name_of(file)) {
    int code = fails(0);
    free(names[file]);
    names[file] = NULL;
    if (code) { real(file); errno = code; return -1; }
  }
  return real(file);
}

static void renamed(const char *from, const char *to) {
  // What was not synced is not synced under its new name either; also the files in a folder.
  size_t n = strlen(from);
  for (int i = 0; i < unsynced_count; i++) {
    char *path = unsynced[i].path;
    if (strncmp(path, from, n) != 0 || (path[n] != 0 && path[n] != '/')) continue;
    char now[PATH_MAX];
    if (snprintf(now, sizeof now, "%s%s", to, path + n) < (int)sizeof now) strcpy(path, now);
  }
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  if (is_watched(to)) {
    int code = fails(0);
    if (code) { errno = code; return -1; }
  }
  int result = real(from, to);
  if (result == 0 && is_watched(to)) renamed(from, to);
  return result;
}

// Two names are exchanged by number: not every C library has a function for it.
long syscall(long number, ...) {
  REAL(long, "syscall", long, ...);
  va_list list; va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  int is_exchange = number == SYS_renameat2 && is_watched((const char *)a[3]);
  if (is_exchange) {
    int code = fails(0);
    if (code) { errno = code; return -1; }
  }
  long result = real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (is_exchange && result == 0) renamed((const char *)a[1], (const char *)a[3]);
  return result;
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, "mkdir", const char *, mode_t);
  int code = is_watched(path) ? fails(1) : 0;
  if (code) { errno = code; return -1; }
  return real(path, mode);
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  int code = is_watched(path) ? fails(0) : 0;
  if (code) { errno = code; return -1; }
  return real(path);
}
