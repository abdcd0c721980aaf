// ncurses behind plain functions. See CTerminal.h for the contracts.
#define _GNU_SOURCE
#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1

#include "CTerminal.h"
#include "terminfo.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static int colors;
static bool default_colors;
static bool left;
static int cursor_shown = -1;
// Pairs are handed out on first use; 257 = default plus 256 palette entries.
static short pair_of[257][257];
static int next_pair;
static char modes_on[128];
static char modes_off[128];

bool ct_set_locale(void) {
  const char *set = setlocale(LC_ALL, "");
  // A locale that is named but not installed (common over SSH) would leave us in ASCII.
  if (set == NULL) {
    const char *name = getenv("LC_ALL");
    if (name == NULL || *name == 0) name = getenv("LC_CTYPE");
    if (name == NULL || *name == 0) name = getenv("LANG");
    if (name != NULL && (strcasestr(name, "utf-8") != NULL || strcasestr(name, "utf8") != NULL)) {
      if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) setlocale(LC_CTYPE, "en_US.UTF-8");
    }
  }
  setlocale(LC_NUMERIC, "C");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool ct_is_tty(int fd) { return isatty(fd) == 1; }

const char *ct_capability(const char *name) {
  static char clean[128];
  char *value = tigetstr((char *)name);
  if (value == NULL || value == (char *)-1) return NULL;
  size_t n = 0;
  for (char *p = value; *p != 0 && n + 1 < sizeof clean; p++) {
    if (p[0] == '$' && p[1] == '<') {
      char *end = strchr(p, '>');
      if (end == NULL) break;
      p = end;
    } else {
      clean[n++] = *p;
    }
  }
  clean[n] = 0;
  return clean;
}

static void capture_reset(void) {
  static const char *const names[] = {"rmkx", "op", "sgr0", "cnorm", "rmcup"};
  char bytes[1024];
  size_t n = 0;
  size_t modes = strlen(modes_off);
  memcpy(bytes, modes_off, modes);
  n += modes;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = ct_capability(names[i]);
    if (value == NULL) continue;
    size_t length = strlen(value);
    if (n + length > sizeof bytes) break;
    memcpy(bytes + n, value, length);
    n += length;
  }
  if (ct_capability("rmcup") == NULL && n + 2 <= sizeof bytes) {
    memcpy(bytes + n, "\r\n", 2);
    n += 2;
  }
  ct_guard_set_reset(bytes, n);
}

int ct_open(const char *term, bool color, int escape_delay) {
  use_env(TRUE);
  use_tioctl(TRUE);
  const char *value = getenv("TERMINFO");
  char *terminfo = value == NULL ? NULL : strdup(value);
  bool is_short = (value == NULL || terminfo != NULL) && ct_terminfo_shorten(term);
  screen = newterm(term, stdout, stdin);
  if (is_short) {
    // Programs that are started from here see what the user set.
    if (terminfo == NULL) unsetenv("TERMINFO"); else setenv("TERMINFO", terminfo, 1);
    if (screen == NULL) screen = newterm(term, stdout, stdin);
  }
  free(terminfo);
  if (screen == NULL) return -1;
  set_term(screen);
  if (ct_capability("cup") == NULL) {
    endwin();
    delscreen(screen);
    screen = NULL;
    return -2;
  }
  set_escdelay(escape_delay);
  raw();
  noecho();
  nonl();
  typeahead(-1);
  keypad(stdscr, TRUE);
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  idlok(stdscr, FALSE);
  colors = 0;
  next_pair = 1;
  memset(pair_of, 0, sizeof pair_of);
  if (color && has_colors() && start_color() == OK) {
    colors = COLORS;
    default_colors = use_default_colors() == OK;
  }
  left = false;
  cursor_shown = -1;
  modes_on[0] = modes_off[0] = 0;
  capture_reset();
  ct_guard_arm(true);
  return 0;
}

void ct_close(void) {
  if (screen == NULL) return;
  ct_leave();
  delscreen(screen);
  screen = NULL;
}

int ct_color_count(void) { return colors; }

ct_size ct_measure(void) {
  struct winsize size;
  ct_size result = {0, 0};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    result.columns = size.ws_col;
    result.rows = size.ws_row;
  } else if (screen != NULL) {
    result.columns = getmaxx(stdscr);
    result.rows = getmaxy(stdscr);
  }
  return result;
}

void ct_resize(int columns, int rows) {
  if (screen == NULL || columns < 1 || rows < 1) return;
  resize_term(rows, columns);
  werase(stdscr);
  clearok(curscr, TRUE);
}

static short pair_for(int foreground, int background) {
  if (colors <= 0) return 0;
  if (foreground >= colors || foreground > 255) foreground = -1;
  if (background >= colors || background > 255) background = -1;
  if (foreground < 0 && background < 0) return 0;
  short *slot = &pair_of[foreground + 1][background + 1];
  if (*slot == 0) {
    if (next_pair >= COLOR_PAIRS || next_pair > 32000) return 0;
    int f = foreground < 0 && !default_colors ? COLOR_WHITE : foreground;
    int b = background < 0 && !default_colors ? COLOR_BLACK : background;
    if (init_extended_pair(next_pair, f, b) != OK) return 0;
    *slot = (short)next_pair++;
  }
  return *slot;
}

void ct_draw(int y, int x, const ct_cell *cells, int count) {
  if (screen == NULL || y < 0 || y >= getmaxy(stdscr)) return;
  cchar_t run[128];
  int used = 0;
  int start = x;
  for (int i = 0; i < count; i++) {
    const ct_cell *cell = &cells[i];
    wchar_t text[CT_SCALARS + 1];
    int n = cell->count <= CT_SCALARS ? cell->count : CT_SCALARS;
    for (int k = 0; k < n; k++) text[k] = (wchar_t)cell->scalars[k];
    text[n] = 0;
    attr_t attributes = 0;
    if (cell->attributes & CT_BOLD) attributes |= WA_BOLD;
    if (cell->attributes & CT_DIM) attributes |= WA_DIM;
    if (cell->attributes & CT_UNDERLINE) attributes |= WA_UNDERLINE;
    if (cell->attributes & CT_REVERSE) attributes |= WA_REVERSE;
    if (cell->attributes & CT_ITALIC) attributes |= WA_ITALIC;
    if (setcchar(&run[used], text, attributes, pair_for(cell->foreground, cell->background), NULL) != OK) {
      setcchar(&run[used], L"?", attributes, 0, NULL);
    }
    used++;
    x += cell->width;
    if (used == 128) {
      mvwadd_wchnstr(stdscr, y, start, run, used);
      start = x;
      used = 0;
    }
  }
  if (used > 0) mvwadd_wchnstr(stdscr, y, start, run, used);
}

void ct_flush(int x, int y, bool synchronized) {
  if (screen == NULL || left) return;
  int show = x >= 0 && y >= 0;
  if (show != cursor_shown) {
    curs_set(show);
    leaveok(stdscr, !show);
    cursor_shown = show;
  }
  if (show) wmove(stdscr, y < getmaxy(stdscr) ? y : getmaxy(stdscr) - 1, x < getmaxx(stdscr) ? x : getmaxx(stdscr) - 1);
  wnoutrefresh(stdscr);
  if (synchronized) putp("\033[?2026h");
  doupdate();
  if (synchronized) ct_write("\033[?2026l", 8);
}

void ct_invalidate(void) {
  if (screen != NULL) clearok(curscr, TRUE);
}

void ct_write(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t n = write(STDOUT_FILENO, bytes, count);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {
      struct pollfd ready = {STDOUT_FILENO, POLLOUT, 0};
      if (poll(&ready, 1, 1000) > 0 && (ready.revents & POLLOUT)) continue;
    }
    if (n <= 0) return;
    bytes += n;
    count -= (size_t)n;
  }
}

int ct_libc_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

void ct_set_modes(const char *on, const char *off) {
  snprintf(modes_on, sizeof modes_on, "%s", on);
  snprintf(modes_off, sizeof modes_off, "%s", off);
  capture_reset();
  if (screen != NULL && !left) ct_write(modes_on, strlen(modes_on));
}

void ct_leave(void) {
  if (screen == NULL || left) return;
  left = true;
  ct_write(modes_off, strlen(modes_off));
  def_prog_mode();
  endwin();
  ct_guard_arm(false);
}

void ct_enter(void) {
  if (screen == NULL || !left) return;
  ct_guard_arm(true);
  reset_prog_mode();
  left = false;
  cursor_shown = -1;
  // The first refresh after endwin sends the start-up strings (alternate screen, keypad) and repaints.
  clearok(curscr, TRUE);
  wnoutrefresh(stdscr);
  doupdate();
  ct_write(modes_on, strlen(modes_on));
}

void ct_reassert(void) {
  if (screen == NULL || left) return;
  reset_prog_mode();
  cursor_shown = -1;
  putp("\r");
  const char *start = ct_capability("smcup");
  if (start != NULL) putp(start);
  start = ct_capability("smkx");
  if (start != NULL) putp(start);
  clearok(curscr, TRUE);
  wnoutrefresh(stdscr);
  doupdate();
  ct_write(modes_on, strlen(modes_on));
}
