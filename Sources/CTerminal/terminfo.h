// For ct_open only.
#ifndef CT_TERMINFO_H
#define CT_TERMINFO_H

#include <stdbool.h>

/// Gives ncurses, through TERMINFO, the terminal's entry without the switch back to ASCII letters that xterm's relatives have in
/// every change of attributes: nothing here is ever drawn in another set, and it makes a fifth of what a move of the cursor
/// sends. Returns whether TERMINFO was changed; restore it when the screen is open.
bool ct_terminfo_shorten(const char *term);

#endif
