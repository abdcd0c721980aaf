// Asking terminfo without starting a screen. A file of its own: <term.h> defines macros such as `columns` and `lines`.
#include "CTerminal.h"

#include <ncurses.h>
#include <term.h>
#include <unistd.h>

int ct_terminfo_colors(const char *term) {
  int status = 0;
  if (setupterm(term, STDOUT_FILENO, &status) != OK) return -1;
  int count = tigetnum("colors");
  del_curterm(cur_term);
  return count < 0 ? 0 : count;
}
