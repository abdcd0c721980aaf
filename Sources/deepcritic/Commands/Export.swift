import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Export reviews, solutions or training sets.",
    subcommands: [Reviews.self, Solutions.self, SFT.self, PRM.self, RL.self])

  /// Where an export goes.
  struct Target: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("Output file, replaced only when complete (default: standard output).", valueName: "file"),
      completion: .file())
    var output: String?

    func validate() throws {
      if let output, output.lowercased().hasSuffix(".gz") {
        throw ValidationError("Exports are not compressed: choose a name without .gz, and use gzip afterwards.")
      }
    }

    var path: String? { output == "-" ? nil : output }
    var isList: Bool { path?.lowercased().hasSuffix(".json") ?? false }

    /// Runs an export with a function that writes one record.
    ///
    /// - Parameter asList: write one JSON array instead of JSON Lines.
    func write<Result>(
      asList: Bool, _ interruption: Interruption, _ export: (([UInt8]) throws -> Void) throws -> Result
    ) throws -> Result {
      var framing = RecordFraming(asList: asList)
      guard let path else {
        let output = StandardOutput()
        // Files and pipes get the very bytes; a terminal must not obey them.
        let isScreen = isatty(STDOUT_FILENO) == 1
        let result = try export { record in
          try interruption.check()
          let line = asList ? record : JSONLines.escaped(record)
          let shown = isScreen ? Array(JSONOutput.escaped(String(decoding: record, as: UTF8.self)).utf8) : line
          try output.write(framing.next(shown))
        }
        try output.write(framing.end)
        try output.flush()
        return result
      }
      let created = CreatedDirectory(for: path)
      var file = try AtomicFileWriter(path: path, makesFolders: true)
      let result = try export { record in
        try interruption.check()
        try file.write(framing.next(asList ? record : JSONLines.escaped(record)))
      }
      try file.write(framing.end)
      try file.commit()
      created.report()
      return result
    }
  }

  struct Reviews: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Export decisions as JSON Lines, for import into another workspace.",
      discussion: """
        In blind review, other reviewers' decisions are exported only for solutions you have finished. --mine \
        exports only yours, --mode audit exports all.
        """)

    @Flag(help: "Only your own decisions.")
    var mine = false
    @OptionGroup var target: Target
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var reviewing: ReviewerOptions
    @ParentCommand var root: DeepCritic

    func run() throws {
      let opened = try workspace.or(root).open()
      let who = reviewing.context(root, try opened.settings())
      if !mine, who.mode == .blind {
        var keys = Set<String>()
        try opened.forEachEvent { if $0.reviewer != who.reviewer { keys.insert($0.solution) } }
        try Blindness.check(who, keys: keys, opened)
      }
      let count = try target.write(asList: false, Interruption()) { record in
        try opened.exportReviews(of: mine ? who.reviewer : nil) { try record(Array($0.utf8)) }
      }
      StandardError.write("\(Figures.count(count, "decision")) written\(target.place).")
    }
  }

  struct Solutions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Export solutions in a dataset format.",
      discussion: """
        Records imported in this format are written byte for byte. With --labels resolved, records whose label has \
        changed get the new label; nothing else in them changes. Records of other formats are written only with \
        --convert (\(RecordEncoder.formats.map(\.rawValue).joined(separator: ", "))). A .json file holds one JSON \
        array; other files and standard output hold JSON Lines. Anything the format cannot hold is reported, and the \
        exit code is then 3.

        --stage writes the file that DeepCritic's scripts produce after that stage, in their schema: all solutions \
        with critiques of the stage, generated or imported.
        """)

    @Option(help: "Output format.")
    var format: DatasetFormat
    @Option(help: "With --format deepcritic: write the file of this stage (initial, deep or merged).")
    var stage: Stage?
    @Option(help: "Labels to write: as imported, or as resolved by decisions.")
    var labels = LabelChoice.imported
    @Option(
      help: ArgumentHelp("Write one line of JSON for each solution whose label changed.", valueName: "file"),
      completion: .file())
    var changes: String?
    @Flag(help: "Convert solutions imported in other formats.")
    var convert = false
    @Option(help: ArgumentHelp("Only matching solutions, as in 'deepcritic list'.", valueName: "filter"))
    var filter: String?
    @OptionGroup var target: Target
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var reviewing: ReviewerOptions
    @ParentCommand var root: DeepCritic

    func validate() throws {
      if stage != nil, format != .deepcritic || convert {
        throw ValidationError("--stage requires --format deepcritic and cannot be combined with --convert.")
      }
      if stage != nil, changes != nil { throw ValidationError("--changes and --stage cannot be combined.") }
      if convert, !RecordEncoder.formats.contains(format) {
        let names = RecordEncoder.formats.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("Solutions cannot be converted to \(format.rawValue), only to \(names).")
      }
    }

    func run() async throws {
      let opened = try workspace.or(root).open()
      var ids: [Int64]?
      let who = reviewing.context(root, try opened.settings())
      if let filter {
        let read = try QueueFilter(filter)
        try Blindness.check(who.mode, read)
        ids = try await opened.countedQueue(filter: read, .init(reviewer: who.reviewer))
        if ids?.isEmpty == true { throw CommandError("No solution matches '\(filter)'; nothing was written.") }
      }
      if who.mode == .blind {
        try Blindness.check(who, ids: ids ?? opened.queue(sort: .imported, reviewer: who.reviewer), opened)
      }
      if let stage {
        let rows = try target.write(asList: target.isList, Interruption()) { record in
          try opened.exportStage(stage, ids: ids, record: record)
        }
        let count = Figures.count(rows, "solution")
        StandardError.write("\(count) with \(stage.rawValue) critiques written\(target.place).")
        return
      }
      let result = try target.write(asList: target.isList, Interruption()) { record in
        try opened.exportSolutions(as: format, ids: ids, converting: convert, labels: labels, record: record)
      }
      if let changes {
        var file = try AtomicFileWriter(path: changes, makesFolders: true)
        for change in result.changes { try file.write(Array((try JSONOutput.line(change) + "\n").utf8)) }
        try file.commit()
      }
      for refused in result.refused { StandardError.write("\(refused)") }
      for (loss, count) in result.losses.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).prefix(20) {
        StandardError.write("\(Figures.count(count, "converted solution loses", "converted solutions lose")): \(loss)")
      }
      var words = "\(Figures.count(result.native, "record")) written as imported"
      if result.relabelled > 0 { words += ", \(Figures.count(result.relabelled)) with resolved labels" }
      if convert { words += ", \(Figures.count(result.converted)) converted" }
      if !result.refused.isEmpty {
        words += ", \(Figures.count(result.refused.count)) that \(format.title) cannot hold left out"
      }
      words += target.place + "."
      if result.leftOut > 0 {
        words += " \(Figures.count(result.leftOut, "solution")) of other formats left out"
        words += RecordEncoder.formats.contains(format) ? "; --convert converts." : "."
      }
      StandardError.write(words)
      tell(result.changes)
      if !result.refused.isEmpty { throw ExitStatus.partly }
    }

    /// The labels that are not those of the data.
    private func tell(_ changes: [LabelChange]) {
      if changes.isEmpty { return }
      let count = Figures.count(changes.count, "solution has", "solutions have")
      switch labels {
      case .imported:
        StandardError.write("\(count) another label here than the one written; '--labels resolved' writes it.")
      case .resolved:
        StandardError.write("\(count) another label than the imported one:")
        for change in changes.prefix(10) {
          StandardError.write(
            TextSafety.line(
              "  #\(change.number) \(change.name): first error \(change.words); labels changed at "
                + (change.steps.count == 1 ? "step " : "steps ") + change.steps.map(String.init).joined(separator: ", ")
            ))
        }
        if changes.count > 10 {
          StandardError.write(
            "  and \(Figures.count(changes.count - 10)) more\(self.changes == nil ? " (--changes FILE writes all)" : "")."
          )
        }
      }
    }
  }
}

extension Export.Target {
  /// " to FILE", for messages.
  var place: String { path.map { " to \($0)" } ?? "" }
}

/// What stands between the records of a file.
struct RecordFraming {
  let asList: Bool
  private var isFirst = true

  init(asList: Bool) { self.asList = asList }

  /// The bytes to write for a record.
  mutating func next(_ record: [UInt8]) -> [UInt8] {
    defer { isFirst = false }
    guard !asList else { return Array((isFirst ? "[\n" : ",\n").utf8) + record }
    // A raw record may span lines. In JSON a line end is only ever blank space, so a blank means the same.
    let isLine = !record.contains { $0 == 0x0A || $0 == 0x0D }
    return (isLine ? record : record.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }) + [0x0A]
  }

  /// The bytes after the last record.
  var end: [UInt8] {
    guard asList else { return [] }
    return Array((isFirst ? "[]\n" : "\n]\n").utf8)
  }
}
