import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Facts about the terminal that can be had without taking it over: for diagnosis and for plain output.
public enum TerminalChecks {
  /// Whether the locale's characters are UTF-8. Sets the process's locale from the environment.
  public static let localeIsUTF8 = ct_set_locale()

  /// How many colours terminfo gives a terminal; `nil` when it does not know the terminal at all.
  public static func colors(ofTerminal name: String) -> Int? {
    let count = ct_terminfo_colors(name)
    return count < 0 ? nil : Int(count)
  }

  /// The program that ``ExternalEditor`` would start, and its path if it is installed.
  public static func editor() -> (name: String, path: String?) {
    let command = ExternalEditor.command()
    let name = (try? ExternalEditor.words(command))?.first ?? command
    if name.contains("/") { return (name, access(name, X_OK) == 0 ? name : nil) }
    let folders = (Environment["PATH"] ?? "").split(separator: ":")
    return (name, folders.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 })
  }
}
