/// The program's version: the one place where it is written.
enum Version {
  static let number = "0.1.0"

  // Filled in by `git archive` (.gitattributes), from which packages are built.
  private static let commit = "$Format:%h$"
  private static let date = "$Format:%cs$"

  /// What `--version` prints: "0.1.0 (1a2b3c4, 2026-12-01)", or that the program comes from a working tree.
  static var details: String {
    commit.hasPrefix("$") ? "\(number) (built from a working tree)" : "\(number) (\(commit), \(date))"
  }

  /// The compiler that built this program.
  static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
