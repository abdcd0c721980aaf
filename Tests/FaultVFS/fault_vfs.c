#include "fault_vfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// What has been done to a file since it was last synced, so that it can be undone and done again in part.
typedef struct Change {
  struct Change *older, *newer;
  char *path;
  enum { WRITE, TRUNCATE, CREATE, DELETE } kind;
  sqlite3_int64 offset;             // where it was written; the size that a truncation leaves
  sqlite3_int64 size_before;
  unsigned char *before, *after;    // bytes that were there; bytes that were written
  sqlite3_int64 length_before, length;
} Change;

typedef struct File {
  sqlite3_file base;
  char *path;
  int is_kept;                      // belongs to a database, not to temporary data
  int syncs_folder;                 // its first sync makes its name durable, and all other changes of names beside it
  sqlite3_file *real;
} File;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs vfs;
static Change *newest, *oldest;
static long operations, chosen;
static int fault, fired, is_dead, ignores_syncs;

static void forget(Change *change) {
  if (change->older) change->older->newer = change->newer; else oldest = change->newer;
  if (change->newer) change->newer->older = change->older; else newest = change->older;
  free(change->path);
  free(change->before);
  free(change->after);
  free(change);
}

static void forget_path(const char *path) {
  for (Change *c = newest, *older; c; c = older) {
    older = c->older;
    if (strcmp(c->path, path) == 0) forget(c);
  }
}

// The folder of a file was synced: names that were made and taken away in it are durable.
static void forget_names_beside(const char *path) {
  const char *slash = strrchr(path, '/');
  size_t n = slash ? (size_t)(slash - path) + 1 : 0;
  for (Change *c = newest, *older; c; c = older) {
    older = c->older;
    if ((c->kind == CREATE || c->kind == DELETE) && strncmp(c->path, path, n) == 0 && !strchr(c->path + n, '/')) forget(c);
  }
}

static Change *remember(const char *path, int kind) {
  Change *change = calloc(1, sizeof *change);
  change->path = strdup(path);
  change->kind = kind;
  change->older = newest;
  if (newest) newest->newer = change; else oldest = change;
  newest = change;
  return change;
}

// Counts an operation; nonzero when it fails. `writes` tells whether it needs room on the disk.
static int fails(int writes) {
  operations++;
  if (is_dead) return SQLITE_IOERR;
  if (fault == FAULT_NONE || operations < chosen) return 0;
  switch (fault) {
    case FAULT_IO:
      if (operations != chosen) return 0;
      fired = 1;
      return SQLITE_IOERR;
    case FAULT_FULL:
      if (!writes) return 0;
      fired = 1;
      return SQLITE_FULL;
    default:
      fired = 1;
      is_dead = 1;
      return SQLITE_IOERR;
  }
}

static sqlite3_file *real(sqlite3_file *file) { return ((File *)file)->real; }

static int file_close(sqlite3_file *file) {
  File *f = (File *)file;
  int code = f->real->pMethods ? f->real->pMethods->xClose(f->real) : SQLITE_OK;
  free(f->path);
  f->path = NULL;
  return code;
}

static int file_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at) {
  int code = fails(0);
  return code ? SQLITE_IOERR_READ : real(file)->pMethods->xRead(real(file), to, n, at);
}

static int file_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at) {
  File *f = (File *)file;
  int code = fails(1);
  if (code) return code == SQLITE_FULL ? code : SQLITE_IOERR_WRITE;
  if (f->is_kept) {
    Change *change = remember(f->path, WRITE);
    change->offset = at;
    change->length = n;
    change->after = malloc(n);
    memcpy(change->after, from, n);
    f->real->pMethods->xFileSize(f->real, &change->size_before);
    sqlite3_int64 there = change->size_before - at;
    change->length_before = there < 0 ? 0 : there < n ? there : n;
    change->before = calloc(1, n);
    if (change->length_before) f->real->pMethods->xRead(f->real, change->before, (int)change->length_before, at);
  }
  return f->real->pMethods->xWrite(f->real, from, n, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
  File *f = (File *)file;
  int code = fails(0);
  if (code) return SQLITE_IOERR_TRUNCATE;
  if (f->is_kept) {
    Change *change = remember(f->path, TRUNCATE);
    f->real->pMethods->xFileSize(f->real, &change->size_before);
    change->offset = size;
    change->length_before = change->size_before > size ? change->size_before - size : 0;
    change->before = malloc(change->length_before + 1);
    if (change->length_before) f->real->pMethods->xRead(f->real, change->before, (int)change->length_before, size);
  }
  return f->real->pMethods->xTruncate(f->real, size);
}

static int file_sync(sqlite3_file *file, int flags) {
  File *f = (File *)file;
  int code = fails(1);
  if (code) return code == SQLITE_FULL ? code : SQLITE_IOERR_FSYNC;
  // The disk is not waited for: what counts as synced is what this layer says.
  (void)flags;
  if (ignores_syncs) return SQLITE_OK;
  if (f->is_kept) forget_path(f->path);
  if (f->syncs_folder) forget_names_beside(f->path);
  f->syncs_folder = 0;
  return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) { return real(file)->pMethods->xFileSize(real(file), size); }
static int file_lock(sqlite3_file *file, int lock) {
  return is_dead ? SQLITE_IOERR_LOCK : real(file)->pMethods->xLock(real(file), lock);
}
static int file_unlock(sqlite3_file *file, int lock) { return real(file)->pMethods->xUnlock(real(file), lock); }
static int file_reserved(sqlite3_file *file, int *is) { return real(file)->pMethods->xCheckReservedLock(real(file), is); }
static int file_control(sqlite3_file *file, int what, void *with) {
  return real(file)->pMethods->xFileControl(real(file), what, with);
}
static int file_sector(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int file_traits(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
static int shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **to) {
  int code = fails(extend);
  if (code) return SQLITE_IOERR_SHMMAP;
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, to);
}
static int shm_lock(sqlite3_file *file, int offset, int n, int flags) {
  // A lock can always be let go of.
  if (!(flags & SQLITE_SHM_UNLOCK) && fails(0)) return SQLITE_IOERR_SHMLOCK;
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
static void shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int shm_unmap(sqlite3_file *file, int also_delete) { return real(file)->pMethods->xShmUnmap(real(file), also_delete); }

static const sqlite3_io_methods methods = {
  2, file_close, file_read, file_write, file_truncate, file_sync, file_size, file_lock, file_unlock, file_reserved,
  file_control, file_sector, file_traits, shm_map, shm_lock, shm_barrier, shm_unmap, 0, 0,
};

static int vfs_open(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *out) {
  (void)self;
  File *f = (File *)file;
  memset(f, 0, sizeof *f);
  f->real = (sqlite3_file *)(f + 1);
  memset(f->real, 0, real_vfs->szOsFile);
  int code = fails(flags & SQLITE_OPEN_CREATE ? access(name ? name : "", F_OK) != 0 : 0);
  if (code) return SQLITE_CANTOPEN;
  int is_new = name && access(name, F_OK) != 0;
  code = real_vfs->xOpen(real_vfs, name, f->real, flags, out);
  if (!f->real->pMethods) return code;
  f->is_kept = name && !(flags & SQLITE_OPEN_DELETEONCLOSE);
  f->path = strdup(name ? name : "");
  f->syncs_folder = is_new && flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL);
  if (code == SQLITE_OK && is_new && f->is_kept) remember(name, CREATE);
  f->base.pMethods = &methods;
  return code;
}

static int vfs_delete(sqlite3_vfs *self, const char *name, int sync_folder) {
  (void)self;
  if (fails(0)) return SQLITE_IOERR_DELETE;
  struct stat facts;
  if (stat(name, &facts) == 0 && !strstr(name, "-shm")) {
    // What was written before and not synced is gone with the file, or comes back with it as it is.
    forget_path(name);
    if (sync_folder) {
      forget_names_beside(name);
    } else {
      Change *change = remember(name, DELETE);
      change->length_before = facts.st_size;
      change->before = malloc(facts.st_size + 1);
      FILE *in = fopen(name, "rb");
      if (in) {
        change->length_before = (sqlite3_int64)fread(change->before, 1, facts.st_size, in);
        fclose(in);
      }
    }
  }
  return real_vfs->xDelete(real_vfs, name, sync_folder);
}

static int vfs_access(sqlite3_vfs *self, const char *name, int flags, int *out) {
  (void)self;
  return real_vfs->xAccess(real_vfs, name, flags, out);
}

int fault_vfs_register(void) {
  if (real_vfs) return SQLITE_OK;
  real_vfs = sqlite3_vfs_find(NULL);
  vfs = *real_vfs;
  vfs.zName = "fault";
  vfs.pNext = NULL;
  vfs.szOsFile = (int)sizeof(File) + real_vfs->szOsFile;
  vfs.xOpen = vfs_open;
  vfs.xDelete = vfs_delete;
  vfs.xAccess = vfs_access;
  return sqlite3_vfs_register(&vfs, 1);
}

void fault_vfs_arm(long at, int kind) {
  while (newest) forget(newest);
  operations = 0;
  chosen = at;
  fault = kind;
  fired = is_dead = 0;
}

void fault_vfs_ignore_syncs(int ignored) { ignores_syncs = ignored; }

void fault_vfs_disarm(void) { fault = FAULT_NONE; is_dead = 0; }
long fault_vfs_count(void) { return operations; }
int fault_vfs_fired(void) { return fired; }

static unsigned long long dice;
static unsigned random_below(unsigned n) {
  dice = dice * 6364136223846793005ULL + 1442695040888963407ULL;
  return (unsigned)((dice >> 33) % n);
}

static void put(const char *path, const unsigned char *bytes, sqlite3_int64 n, sqlite3_int64 at) {
  int file = open(path, O_WRONLY);
  if (file < 0) return;
  if (pwrite(file, bytes, (size_t)n, at) != n) perror("fault_vfs");
  close(file);
}

static void undo(Change *c) {
  switch (c->kind) {
    case WRITE:
    case TRUNCATE:
      if (c->length_before) put(c->path, c->before, c->length_before, c->offset);
      if (truncate(c->path, c->size_before) != 0) { /* It is gone. */ }
      break;
    case CREATE: unlink(c->path); break;
    case DELETE: {
      if (access(c->path, F_OK) == 0) break;
      FILE *out = fopen(c->path, "wb");
      if (!out) break;
      fwrite(c->before, 1, (size_t)c->length_before, out);
      fclose(out);
      break;
    }
  }
}

static void redo(Change *c) {
  switch (c->kind) {
    case WRITE: {
      sqlite3_int64 from = 0, n = c->length;
      // Sectors are written whole, and not all of them.
      if (n > 512 && random_below(4) == 0) {
        sqlite3_int64 cut = 512 * (1 + (sqlite3_int64)random_below((unsigned)(n / 512)));
        if (cut > n) cut = n;
        if (random_below(2)) n = cut; else { from = cut; n -= cut; }
      }
      if (n > 0) put(c->path, c->after + from, n, c->offset + from);
      break;
    }
    case TRUNCATE:
      if (truncate(c->path, c->offset) != 0) { /* It is gone. */ }
      break;
    case CREATE: {
      int file = open(c->path, O_WRONLY | O_CREAT, 0644);
      if (file >= 0) close(file);
      break;
    }
    case DELETE: unlink(c->path); break;
  }
}

void fault_vfs_settle(int mode, unsigned long long seed) {
  dice = seed * 2654435761u + 12345;
  for (Change *c = newest; c; c = c->older) {
    undo(c);
    // The index of a log lives in memory and is gone with it.
    size_t n = strlen(c->path);
    char *index = malloc(n + 5);
    memcpy(index, c->path, n + 1);
    if (n > 4 && strcmp(index + n - 4, "-wal") == 0) index[n - 4] = 0;
    strcat(index, "-shm");
    unlink(index);
    free(index);
  }
  if (mode == FAULT_SETTLE_SOME) {
    for (Change *c = oldest; c; c = c->newer) {
      if (random_below(2)) redo(c);
    }
  }
  while (newest) forget(newest);
  fault = FAULT_NONE;
  is_dead = 0;
}
