import CTerminal

/// Why the terminal cannot be used.
public enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Standard input or output is not a terminal.
  case notATerminal
  /// `TERM` is unset, empty or names a terminal that cannot place its cursor.
  case dumbTerminal(String)
  /// Neither `TERM` nor the fallback could be started.
  case cannotStart(String)
  /// A screen is open already.
  case alreadyOpen

  /// A sentence that says what to do instead.
  public var description: String {
    switch self {
    case .notATerminal:
      "standard input or output is not a terminal; use --linear, or the plain commands (see --help)"
    case .dumbTerminal(let term):
      term.isEmpty
        ? "TERM is not set; set it (for example TERM=xterm-256color), or use --linear"
        : "the terminal \"\(TextSafety.line(term))\" cannot place its cursor; use --linear, or set TERM"
    case .cannotStart(let term):
      "no description of the terminal \"\(TextSafety.line(term))\" is installed; "
        + "install ncurses-base, set TERM, or use --linear"
    case .alreadyOpen:
      "a screen is open already"
    }
  }
}
