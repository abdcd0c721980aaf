// Asking terminfo without starting a screen. A file of its own: <term.h> defines macros such as `columns` and `lines`.
#define _GNU_SOURCE

#include "CTerminal.h"
#include "terminfo.h"

#include <ncurses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

int ct_terminfo_colors(const char *term) {
  int status = 0;
  if (setupterm(term, STDOUT_FILENO, &status) != OK) return -1;
  int count = tigetnum("colors");
  del_curterm(cur_term);
  return count < 0 ? 0 : count;
}

// Places of strings in a compiled entry, see term(5).
enum { enter_bold = 27, enter_dim = 30, enter_reverse = 34, enter_underline = 36, exit_attributes = 39, set_all = 131 };
enum { header = 12, longest = 32768 };

static int word(const unsigned char *bytes) { return bytes[0] | bytes[1] << 8; }

/// Reads the compiled entry that ncurses would take. Returns its length, 0 if there is none.
static size_t read_entry(const char *term, unsigned char *entry) {
  char places[4096];
  const char *own = getenv("TERMINFO"), *home = getenv("HOME"), *more = getenv("TERMINFO_DIRS");
  int used = snprintf(
      places, sizeof places, "%s:%s%s:%s:/etc/terminfo:/lib/terminfo:/usr/share/terminfo", own ? own : "", home ? home : "",
      home ? "/.terminfo" : "", more ? more : "");
  if (used < 0 || (size_t)used >= sizeof places) return 0;
  char *rest = places, *place;
  while ((place = strsep(&rest, ":")) != NULL) {
    if (*place == 0) continue;
    for (int is_hex = 0; is_hex < 2; is_hex++) {
      char path[4352];
      int length = is_hex ? snprintf(path, sizeof path, "%s/%02x/%s", place, (unsigned char)term[0], term)
                          : snprintf(path, sizeof path, "%s/%c/%s", place, term[0], term);
      if (length < 0 || (size_t)length >= sizeof path) continue;
      FILE *file = fopen(path, "rb");
      if (file == NULL) continue;
      size_t size = fread(entry, 1, longest, file);
      fclose(file);
      return size;
    }
  }
  return 0;
}

/// Takes the character sets out of an entry. Returns whether it was one that has them, and is whole.
static bool shorten(unsigned char *entry, size_t size) {
  if (size < header) return false;
  int magic = word(entry);
  if (magic != 0432 && magic != 01036) return false;
  size_t names = word(entry + 2), flags = word(entry + 4), numbers = word(entry + 6), strings = word(entry + 8);
  size_t offsets = header + names + flags;
  offsets += offsets & 1;
  offsets += numbers * (magic == 0432 ? 2 : 4);
  size_t table = offsets + 2 * strings, end = table + word(entry + 10);
  if (strings <= set_all || end > size) return false;
  unsigned char *reset = entry + offsets + 2 * exit_attributes, *set = entry + offsets + 2 * set_all;
  const int needed[] = {enter_bold, enter_dim, enter_reverse, enter_underline};
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    if (word(entry + offsets + 2 * needed[i]) >= 0xFFFE) return false;
  }
  size_t place = word(reset);
  if (place >= 0xFFFE || table + place + 6 > end || memcmp(entry + table + place, "\033(B\033[m", 7) != 0) return false;
  place += 3;
  reset[0] = place & 0xFF;
  reset[1] = place >> 8;
  set[0] = set[1] = 0xFF;
  return true;
}

bool ct_terminfo_shorten(const char *term) {
  if (term == NULL) term = getenv("TERM");
  if (term == NULL || *term == 0 || strchr(term, '/') != NULL) return false;
  unsigned char *entry = malloc(longest);
  char *text = malloc(2 * longest + 8);
  bool done = false;
  size_t size = entry != NULL && text != NULL ? read_entry(term, entry) : 0;
  if (size > 0 && size < longest && shorten(entry, size)) {
    strcpy(text, "hex:");
    for (size_t i = 0; i < size; i++) sprintf(text + 4 + 2 * i, "%02X", entry[i]);
    done = setenv("TERMINFO", text, 1) == 0;
  }
  free(entry);
  free(text);
  return done;
}
