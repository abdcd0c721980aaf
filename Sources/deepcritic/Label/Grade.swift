import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Grade: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare an answer with the reference, using math-verify.",
    discussion: """
      Compares the last \\boxed{} of ANSWER, or all of it, with GOLD. With --file, each line is a JSON object with \
      `gold` and `answer`; the output adds `outcome` (right, wrong, undecided) in the same order. A pair that \
      exceeds --time-limit is undecided.
      """)

  @Argument(help: "The reference answer.")
  var gold: String?
  @Argument(help: "Answer, or a text that ends in one.")
  var answer: String?
  @Option(help: ArgumentHelp("Grade pairs from a file (JSON Lines; - for standard input).", valueName: "file"))
  var file: String?
  @Option(help: ArgumentHelp("Number of worker processes.", valueName: "n"))
  var workers: Int?
  @Option(help: ArgumentHelp("Seconds per pair.", valueName: "seconds"))
  var timeLimit: Double?
  @Option(help: ArgumentHelp("Python interpreter with math-verify.", valueName: "path"))
  var python: String?
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if file == nil, gold == nil || answer == nil {
      throw ValidationError("Name a reference and an answer, or a --file.")
    }
    if file != nil, gold != nil { throw ValidationError("--file cannot be combined with a reference and an answer.") }
    try OptionCheck.range(workers, GradingSettings.workerLimits, "--workers")
    try OptionCheck.range(timeLimit, 0.1...3600, "--time-limit")
  }

  private struct Graded: Encodable {
    var gold: String
    var answer: String
    var outcome: String
    var detail: String?
  }

  func run() async throws {
    // A workspace is not needed; where there is one its settings hold.
    var settings = GradingSettings()
    if let opened = try? workspace.or(root).open() {
      settings = try LabelSettings(path: opened.settingsPath).grading
    }
    settings.workers = workers ?? settings.workers
    settings.timeLimit = timeLimit ?? settings.timeLimit
    settings.python = python ?? settings.python
    let pool = GradingPool(settings, python: try settings.interpreter(environment: ProcessInfo.processInfo.environment))
    defer { pool.shutdown() }
    if let file { return try await grade(file, pool) }
    let pair = GradePair(gold: AnswerText.extracted(from: gold ?? ""), answer: AnswerText.extracted(from: answer ?? ""))
    guard let grade = try await pool.grade([pair]).first else { return }
    if json {
      try JSONOutput.write(
        Graded(gold: pair.gold, answer: pair.answer, outcome: grade.outcome.rawValue, detail: grade.detail))
    } else {
      try StandardOutput.write(lines: [grade.outcome.rawValue + (grade.detail.map { " (\($0))" } ?? "")])
    }
  }

  /// Some hundred lines at a time, so that a file of any size can be graded.
  private func grade(_ path: String, _ pool: GradingPool) async throws {
    let interruption = Interruption()
    let output = StandardOutput()
    var page: [GradePair] = []
    var number = 0
    var bad = 0
    func flush() async throws {
      let pairs = page
      page = []
      let grades = try await Watched.run {
        try await pool.grade(pairs)
      } look: { _ in
        try interruption.check()
      }
      for (pair, grade) in zip(pairs, try grades.get()) {
        try output.writeLine(
          try JSONOutput.line(
            Graded(gold: pair.gold, answer: pair.answer, outcome: grade.outcome.rawValue, detail: grade.detail)))
      }
    }
    if path != "-" {
      // `readLine` reads standard input: the file takes its place.
      if let kind = PlainFile.otherKind(path) { throw CommandError("\(path) is \(kind), not a file.") }
      let file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0, dup2(file, STDIN_FILENO) >= 0 else {
        throw CommandError("\(path): the file cannot be read: \(String(cString: strerror(errno))).")
      }
      close(file)
    }
    while let line = readLine() {
      number += 1
      if line.allSatisfy(\.isWhitespace) { continue }
      guard let root = try? JSONDocument(parsing: Array(line.utf8)).root, let gold = text(root["gold"]),
        let answer = text(root["answer"])
      else {
        bad += 1
        StandardError.report("\(path):\(number): each line expected an object with the strings `gold` and `answer`.")
        continue
      }
      page.append(GradePair(gold: AnswerText.extracted(from: gold), answer: AnswerText.extracted(from: answer)))
      if page.count >= 512 { try await flush() }
    }
    try await flush()
    try output.flush()
    if bad > 0 { throw ExitStatus.partly }
  }

  private func text(_ value: JSONView?) -> String? { value?.string ?? value?.numberText }
}
