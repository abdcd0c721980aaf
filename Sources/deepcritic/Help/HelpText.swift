import ArgumentParser

/// The help of a command as it is shown: an example first, options of every command named once, usage within 80 columns.
struct HelpText {
  private static let width = 80
  /// Lines of the help that the parser writes.
  private var lines: [Substring]
  /// The command's name without the program's: "export sft"; "" for the program.
  let command: String

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let usage = lines.first { $0.hasPrefix("USAGE: ") }?.dropFirst("USAGE: deepcritic".count) ?? ""
    command = usage.split(separator: " ").prefix { $0.first?.isLetter ?? false }.joined(separator: " ")
  }

  /// The help of a command, as its `--help` shows it.
  static func of(_ command: any ParsableCommand.Type, columns: Int? = nil) -> String {
    HelpText(DeepCritic.helpMessage(for: command, columns: columns)).shown(columns: columns)
  }

  func shown(columns: Int? = nil) -> String {
    var help = self
    if !command.isEmpty { help.nameGlobalOptions(DeepCritic.helpMessage(columns: columns)) }
    help.wrapUsage()
    help.addExamples()
    return help.lines.joined(separator: "\n")
  }

  /// An option with the lines of its description.
  private static func isOption(_ line: Substring) -> Bool { line.hasPrefix("  -") }
  private static func continues(_ line: Substring) -> Bool { line.hasPrefix(String(repeating: " ", count: 26)) }

  private static func options(_ lines: [Substring]) -> [ArraySlice<Substring>] {
    var options: [ArraySlice<Substring>] = []
    var start = lines.startIndex
    while let first = lines[start...].firstIndex(where: isOption) {
      let end = lines[(first + 1)...].firstIndex { !continues($0) } ?? lines.endIndex
      options.append(lines[first..<end])
      start = end
    }
    return options
  }

  /// Options that mean the same before every subcommand become one line at the end.
  private mutating func nameGlobalOptions(_ root: String) {
    let global = Self.options(root.split(separator: "\n", omittingEmptySubsequences: false))
    var found: Set<Substring> = []
    for option in Self.options(lines).reversed() where global.contains(option) {
      found.insert(Self.name(option))
      lines.removeSubrange(option.indices)
    }
    let names = global.map(Self.name).filter { found.contains($0) && $0 != "--version" && $0 != "-h" }
    for name in ["workspace <dir>", "trust", "reviewer <name>", "mode <mode>", "theme <name>", "ascii", "no-color"]
    where names.contains("--" + name.prefix { $0 != " " }) || name.hasPrefix("workspace") {
      if let place = lines.firstIndex(where: { $0.hasPrefix("USAGE: ") }) {
        lines[place] = Substring(lines[place].replacing(" [--\(name)]", with: ""))
      }
    }
    if let place = lines.firstIndex(of: "OPTIONS:"), lines.indices.contains(place + 1), lines[place + 1].isEmpty {
      lines.removeSubrange(place...(place + 1))
    }
    guard !names.isEmpty else { return }
    while lines.last?.isEmpty == true { lines.removeLast() }
    let words = "Global options: \(names.joined(separator: ", ")) (see 'deepcritic --help')."
    lines += [""] + Self.wrapped(words.split(separator: " ").map(String.init), indent: 2) + [""]
  }

  /// "-w", "--trust".
  private static func name(_ option: ArraySlice<Substring>) -> Substring {
    option.first?.split(separator: " ").first.map { $0.hasSuffix(",") ? $0.dropLast() : $0 } ?? ""
  }

  private static func wrapped(_ words: [String], indent: Int) -> [Substring] {
    var rows: [String] = []
    var row = ""
    for word in words {
      if !row.isEmpty, row.count + 1 + word.count > width {
        rows.append(row)
        row = String(repeating: " ", count: indent) + word
      } else {
        row += (row.isEmpty ? "" : " ") + word
      }
    }
    return (rows + [row]).map { Substring($0) }
  }

  /// The parser writes the usage in one line, however long.
  private mutating func wrapUsage() {
    guard let place = lines.firstIndex(where: { $0.hasPrefix("USAGE: ") }) else { return }
    // What is in brackets stays together.
    var words: [String] = []
    for word in lines[place].split(separator: " ") {
      if let last = words.last, last.hasPrefix("["), !last.contains("]") {
        words[words.count - 1] = last + " " + word
      } else {
        words.append(String(word))
      }
    }
    lines.replaceSubrange(place...place, with: Self.wrapped(words, indent: 9))
  }

  private mutating func addExamples() {
    guard let examples = Self.examples[command], let place = lines.firstIndex(of: "") else { return }
    lines.insert(contentsOf: [""] + examples.map { "  $ deepcritic \($0)" }, at: place)
  }
}
