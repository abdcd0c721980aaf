// Running another program on our terminal, and private temporary files for it.
#define _GNU_SOURCE

#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int ct_run(const char *const *arguments, char *const *environment) {
  posix_spawnattr_t attributes;
  int error = posix_spawnattr_init(&attributes);
  if (error != 0) return -error;
  sigset_t defaults;
  sigset_t none;
  sigemptyset(&defaults);
  sigemptyset(&none);
  static const int numbers[] = {SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH, SIGPIPE, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(&defaults, numbers[i]);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  // As system(3): the child's Ctrl-C and Ctrl-\ are not ours.
  struct sigaction ignore;
  struct sigaction old_interrupt;
  struct sigaction old_quit;
  memset(&ignore, 0, sizeof ignore);
  sigemptyset(&ignore.sa_mask);
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &ignore, &old_interrupt);
  sigaction(SIGQUIT, &ignore, &old_quit);

  pid_t child = 0;
  error = posix_spawnp(&child, arguments[0], NULL, &attributes, (char *const *)arguments, environment);
  posix_spawnattr_destroy(&attributes);
  int result = -error;
  if (error == 0) {
    int status = 0;
    pid_t waited;
    do waited = waitpid(child, &status, 0);
    while (waited < 0 && errno == EINTR);
    if (waited < 0) result = -errno;
    else result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  sigaction(SIGINT, &old_interrupt, NULL);
  sigaction(SIGQUIT, &old_quit, NULL);
  return result;
}

int ct_private_file(const char *name, char *path, size_t capacity, const void *bytes, size_t count) {
  const char *base = getenv("TMPDIR");
  if (base == NULL || *base != '/') base = "/tmp";
  char directory[1024];
  int length = snprintf(directory, sizeof directory, "%s/edit-XXXXXX", base);
  if (length < 0 || (size_t)length >= sizeof directory) return ENAMETOOLONG;
  if (mkdtemp(directory) == NULL) return errno;
  length = snprintf(path, capacity, "%s/%s", directory, name);
  if (length < 0 || (size_t)length >= capacity) {
    rmdir(directory);
    return ENAMETOOLONG;
  }
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  int error = fd < 0 ? errno : 0;
  const char *next = bytes;
  while (error == 0 && count > 0) {
    ssize_t n = write(fd, next, count);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      error = errno;
      break;
    }
    next += n;
    count -= (size_t)n;
  }
  if (fd >= 0 && close(fd) != 0 && error == 0) error = errno;
  if (error != 0) {
    unlink(path);
    rmdir(directory);
  }
  return error;
}

void ct_remove_private_file(const char *path) {
  char directory[2048];
  if (snprintf(directory, sizeof directory, "%s", path) >= (int)sizeof directory) return;
  unlink(path);
  char *slash = strrchr(directory, '/');
  if (slash == NULL) return;
  *slash = 0;
  // Editors leave backups and swap files beside the file; they hold the same text, so they go too.
  static const char *const patterns[] = {"%s~", "%s.bak", "%s.swp"};
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    char other[2100];
    snprintf(other, sizeof other, patterns[i], path);
    unlink(other);
  }
  rmdir(directory);
}
