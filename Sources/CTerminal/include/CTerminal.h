// The only C-shaped part of the program: what Swift needs from ncurses, termios, signals and process creation,
// behind plain functions and plain integers. ncurses.h itself is deliberately not included here, so none of its
// globals or macros reach Swift; Swift 6 rejects `stdscr`, `LINES` and `COLORS` as shared mutable state anyway.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Screen (screen.c). Main thread only.

enum {
  CT_BOLD = 1 << 0,
  CT_DIM = 1 << 1,
  CT_UNDERLINE = 1 << 2,
  CT_REVERSE = 1 << 3,
  CT_ITALIC = 1 << 4,
};

enum { CT_SCALARS = 5 };

/// One screen cell: a spacing character, then up to four combining marks.
typedef struct {
  uint32_t scalars[CT_SCALARS];
  uint8_t count;
  uint8_t width;       // 1 or 2 columns
  uint16_t attributes; // CT_BOLD …
  int16_t foreground;  // -1 default, else a palette index below ct_color_count()
  int16_t background;
} ct_cell;

typedef struct {
  int columns;
  int rows;
} ct_size;

/// Sets the locale from the environment (numbers stay in "C" format). Returns true when its codeset is UTF-8.
bool ct_set_locale(void);
bool ct_is_tty(int fd);
/// How many colours terminfo gives a terminal (0 for none); -1 when it has no entry for it. Not while a screen is open.
int ct_terminfo_colors(const char *term);

/// Starts ncurses on stdin/stdout. `term` NULL means $TERM. Returns 0, or -1 when terminfo does not know the terminal,
/// or -2 when it knows the terminal but it cannot move its cursor.
int ct_open(const char *term, bool color, int escape_delay);
void ct_close(void);
int ct_color_count(void);
ct_size ct_measure(void);
/// Tells ncurses the new size and forgets what is on the screen.
void ct_resize(int columns, int rows);
void ct_draw(int y, int x, const ct_cell *cells, int count);
/// Moves (or, with x < 0, hides) the cursor and sends the frame; `synchronized` wraps it in mode 2026.
void ct_flush(int x, int y, bool synchronized);
/// Makes the next ct_flush repaint every cell.
void ct_invalidate(void);
/// Writes bytes after everything ncurses has sent so far.
void ct_write(const char *bytes, size_t count);
/// The terminfo string of a capability such as "kcuu1", without padding; NULL when absent.
const char *ct_capability(const char *name);
/// The columns the C library (and so ncurses) thinks a character takes; -1 for unprintable.
int ct_libc_width(uint32_t scalar);

/// Gives the terminal back (to a shell or an editor) and takes it again.
void ct_leave(void);
void ct_enter(void);
/// Sets our terminal modes again after a continue we did not ask for: the shell may have changed them.
void ct_reassert(void);
/// Extra modes set with ct_enter and undone with ct_leave and on a crash.
void ct_set_modes(const char *on, const char *off);

// MARK: Signals and waiting (guard.c)

enum {
  CT_RESIZED = 1 << 1,
  CT_STOP_REQUEST = 1 << 2,
  CT_CONTINUED = 1 << 3,
  CT_INTERRUPTED = 1 << 4,
  CT_INPUT = 1 << 5,
  CT_HANGUP = 1 << 6,
};

/// Remembers the shell's terminal modes and installs the handlers. Returns 0 or an errno.
int ct_guard_install(bool capture_stderr);
void ct_guard_remove(void);
/// The bytes that undo everything the screen set; written by the crash handler.
void ct_guard_set_reset(const char *bytes, size_t count);
/// Whether the terminal is ours at the moment, so that a crash must restore it.
void ct_guard_arm(bool armed);
/// Waits for input, a signal. `timeout` in milliseconds, -1 forever. Returns CT_… bits, 0 on timeout.
int ct_wait(int timeout);
/// Reads from the terminal: >0 bytes, 0 end of file, -1 nothing now, -2 the terminal is gone.
long ct_read(uint8_t *buffer, size_t capacity);
/// Stops the process group as Ctrl-Z would; returns after it continues.
void ct_stop(void);
/// Drops pending signal notices without waiting; returns their bits.
int ct_wait_signals(void);
/// Sleeps, in milliseconds.
void ct_pause(int milliseconds);
/// Takes (true) or releases (false) the one screen of the process; false when it was taken already.
bool ct_latch(bool take);
/// While true the stop signal keeps its default action, as it must while a child owns the terminal.
void ct_foreign(bool on);

// MARK: Processes and files (process.c)

/// Runs a program with the terminal, in an environment ended by NULL, and waits. Returns its exit status (128 + n when signal n ended it), or -errno
/// when it could not start.
int ct_run(const char *const *arguments, char *const *environment);
/// Creates a private directory (0700) and in it a file (0600) with the given name. Returns 0 or errno.
int ct_private_file(const char *name, char *path, size_t capacity, const void *bytes, size_t count);
void ct_remove_private_file(const char *path);
