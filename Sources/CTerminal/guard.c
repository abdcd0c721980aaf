// Signals, the self-pipe and the crash handler.
//
// Everything a handler touches is either async-signal-safe (write, poll, tcsetattr, sigaction, raise, lseek, read,
// tcgetpgrp) or a variable that is written before the handler is installed.
#define _GNU_SOURCE

#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// All signals that end a process by default and can be caught.
static const int fatal[] = {SIGILL,  SIGTRAP, SIGSEGV, SIGABRT, SIGBUS,  SIGFPE,    SIGTERM, SIGHUP,
                            SIGQUIT, SIGSYS,  SIGXCPU, SIGXFSZ, SIGUSR1, SIGUSR2,   SIGALRM, SIGVTALRM,
                            SIGPROF,
#ifdef SIGPWR
                            SIGPWR,
#endif
#ifdef SIGPOLL
                            SIGPOLL,
#endif
#ifdef SIGSTKFLT
                            SIGSTKFLT,
#endif
};
enum { FATAL = sizeof fatal / sizeof *fatal };
static const int notices[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT};
enum { NOTICES = sizeof notices / sizeof *notices };

static struct sigaction old_fatal[FATAL];
static struct sigaction old_notice[NOTICES];
static struct sigaction old_pipe;
static bool installed;
static volatile sig_atomic_t armed;
static volatile sig_atomic_t continued;
static struct termios shell_modes;
static char reset_bytes[1024];
static volatile size_t reset_count;
// Opened once and never closed: the byte of a late signal must never reach a reused descriptor.
static int wake_pipe[2] = {-1, -1};
static int real_stderr = -1;
static int stderr_log = -1;
static char alternate_stack[65536];

static void send(char byte) {
  int saved = errno;
  if (wake_pipe[1] >= 0) {
    ssize_t ignored = write(wake_pipe[1], &byte, 1);
    (void)ignored;
  }
  errno = saved;
}

// What the program wrote to standard error while the screen was up (a Swift trap says why it stops there), limited to
// the last 8 KiB and to printable bytes.
static void replay_stderr(void) {
  if (stderr_log < 0 || real_stderr < 0) return;
  char bytes[1024];
  off_t size = lseek(stderr_log, 0, SEEK_END);
  lseek(stderr_log, size > 8192 ? size - 8192 : 0, SEEK_SET);
  ssize_t n;
  while ((n = read(stderr_log, bytes, sizeof bytes)) > 0) {
    for (ssize_t i = 0; i < n; i++) {
      unsigned char c = (unsigned char)bytes[i];
      if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) bytes[i] = '?';
    }
    ssize_t written = write(real_stderr, bytes, (size_t)n);
    if (written < 0) break;
  }
}

static void emergency_restore(void) {
  if (!armed) return;
  armed = 0;
  // Only the foreground process group may touch the terminal; otherwise it belongs to someone else by now.
  pid_t owner = tcgetpgrp(STDIN_FILENO);
  if (owner < 0 || owner != getpgrp()) return;
  // A terminal that no longer reads must not keep a dying process alive.
  struct pollfd ready = {STDOUT_FILENO, POLLOUT, 0};
  if (poll(&ready, 1, 200) > 0 && (ready.revents & POLLOUT) && !(ready.revents & POLLHUP)) {
    ssize_t ignored = write(STDOUT_FILENO, reset_bytes, reset_count);
    (void)ignored;
  }
  tcsetattr(STDIN_FILENO, TCSANOW, &shell_modes);
  replay_stderr();
}

static void on_fatal(int number, siginfo_t *info, void *context) {
  (void)context;
  int saved = errno;
  emergency_restore();
  for (int i = 0; i < FATAL; i++) {
    if (fatal[i] == number) sigaction(number, &old_fatal[i], NULL);
  }
  errno = saved;
  // A fault the processor raised happens again when the instruction is retried, with its own stack for the core dump;
  // everything else is raised again. Either way the exit status is the signal's own.
  bool retried = number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE;
  if (retried && info != NULL && info->si_code > 0) return;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  raise(number);
}

static void on_notice(int number) {
  switch (number) {
  case SIGWINCH: send('r'); break;
  case SIGTSTP: send('z'); break;
  case SIGCONT: continued = 1; send('c'); break;
  case SIGINT: send('i'); break;
  default: break;
  }
}

static void at_exit(void) {
  if (installed) emergency_restore();
}

void ct_guard_set_reset(const char *bytes, size_t count) {
  reset_count = 0;
  if (count > sizeof reset_bytes) count = sizeof reset_bytes;
  memcpy(reset_bytes, bytes, count);
  reset_count = count;
}

static void divert_stderr(bool on) {
  if (stderr_log < 0 || real_stderr < 0) return;
  fflush(stderr);
  dup2(on ? stderr_log : real_stderr, STDERR_FILENO);
}

void ct_guard_arm(bool on) {
  armed = on;
  divert_stderr(on);
}

static void start_stderr_log(void) {
  stderr_log = real_stderr = -1;
  if (!isatty(STDERR_FILENO)) return;
  FILE *file = tmpfile();
  if (file == NULL) return;
  stderr_log = fcntl(fileno(file), F_DUPFD_CLOEXEC, 10);
  fclose(file);
  if (stderr_log < 0) return;
  fcntl(stderr_log, F_SETFL, O_APPEND);
  real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
}

int ct_guard_install(bool capture_stderr) {
  static bool registered;
  if (installed) return EBUSY;
  if (tcgetattr(STDIN_FILENO, &shell_modes) != 0) return errno;
  if (wake_pipe[0] < 0) {
    int ends[2];
    if (pipe(ends) != 0) return errno;
    for (int i = 0; i < 2; i++) {
      fcntl(ends[i], F_SETFL, fcntl(ends[i], F_GETFL) | O_NONBLOCK);
      fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    }
    wake_pipe[0] = ends[0];
    wake_pipe[1] = ends[1];
  }
  if (!registered) {
    registered = true;
    atexit(at_exit);
  }
  if (capture_stderr) start_stderr_log();

  // A stack overflow leaves no room to run a handler on. (Alternate stacks are per thread: this is the main one's.)
  stack_t current;
  if (sigaltstack(NULL, &current) == 0 && (current.ss_flags & SS_DISABLE)) {
    stack_t mine = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack, .ss_flags = 0};
    sigaltstack(&mine, NULL);
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigfillset(&action.sa_mask);
  action.sa_sigaction = on_fatal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (int i = 0; i < FATAL; i++) {
    sigaction(fatal[i], NULL, &old_fatal[i]);
    // nohup and the like: what was ignored stays ignored.
    if (!(old_fatal[i].sa_flags & SA_SIGINFO) && old_fatal[i].sa_handler == SIG_IGN) continue;
    sigaction(fatal[i], &action, NULL);
  }
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = on_notice;
  action.sa_flags = SA_RESTART;
  for (int i = 0; i < NOTICES; i++) sigaction(notices[i], &action, &old_notice[i]);
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, &old_pipe);
  installed = true;
  return 0;
}

void ct_guard_remove(void) {
  if (!installed) return;
  ct_guard_arm(false);
  for (int i = 0; i < FATAL; i++) sigaction(fatal[i], &old_fatal[i], NULL);
  for (int i = 0; i < NOTICES; i++) sigaction(notices[i], &old_notice[i], NULL);
  sigaction(SIGPIPE, &old_pipe, NULL);
  replay_stderr();
  if (stderr_log >= 0) close(stderr_log);
  if (real_stderr >= 0) close(real_stderr);
  stderr_log = real_stderr = -1;
  installed = false;
}

int ct_wait_signals(void) {
  int result = 0;
  char bytes[256];
  ssize_t n;
  while ((n = read(wake_pipe[0], bytes, sizeof bytes)) > 0) {
    for (ssize_t i = 0; i < n; i++) {
      switch (bytes[i]) {
      case 'r': result |= CT_RESIZED; break;
      case 'z': result |= CT_STOP_REQUEST; break;
      case 'c': result |= CT_CONTINUED; break;
      case 'i': result |= CT_INTERRUPTED; break;
      default: break;
      }
    }
  }
  return result;
}

int ct_wait(int timeout) {
  struct pollfd fds[2] = {{wake_pipe[0], POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  int ready = poll(fds, 2, timeout);
  if (ready < 0) return errno == EINTR ? 0 : CT_HANGUP;
  int result = fds[0].revents & POLLIN ? ct_wait_signals() : 0;
  if (fds[1].revents & POLLIN) result |= CT_INPUT;
  if (fds[1].revents & (POLLHUP | POLLERR | POLLNVAL)) result |= CT_HANGUP;
  return result;
}

long ct_read(uint8_t *buffer, size_t capacity) {
  // poll first: the descriptor is shared with the shell, so it must stay in blocking mode.
  struct pollfd ready = {STDIN_FILENO, POLLIN, 0};
  if (poll(&ready, 1, 0) <= 0) return -1;
  ssize_t n = read(STDIN_FILENO, buffer, capacity);
  if (n >= 0) return n;
  return errno == EINTR || errno == EAGAIN ? -1 : -2;
}

void ct_foreign(bool on) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = on ? SIG_DFL : on_notice;
  action.sa_flags = SA_RESTART;
  sigaction(SIGTSTP, &action, NULL);
}

void ct_stop(void) {
  ct_foreign(true);
  continued = 0;
  kill(0, SIGTSTP);
  // With several threads the stop may land a moment after kill returns. Where nobody could continue us (an orphaned
  // process group) the signal is discarded, and this wait ends by itself.
  for (int i = 0; i < 40 && !continued; i++) usleep(5000);
  ct_foreign(false);
}

void ct_pause(int milliseconds) {
  if (milliseconds > 0) poll(NULL, 0, milliseconds);
}

bool ct_latch(bool take) {
  static bool taken;
  if (take && taken) return false;
  taken = take;
  return true;
}
