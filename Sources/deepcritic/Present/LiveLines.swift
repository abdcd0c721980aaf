import DeepCriticCore
import Foundation
import Terminal
import Workbench

/// A live critique as plain lines: what comes is written as it comes, one critique after the other, in the words of the
/// screen.
struct LiveLines {
  let workspace: Workspace
  let request: LiveRequest
  let stored: StoredSolution?
  let saves: Bool
  let waits: Bool
  let isUnicode: Bool

  func run() async throws {
    guard let solution = request.solution ?? stored?.solution else {
      throw CommandError("there is no solution: name one of the workspace, or a file with --file FILE.")
    }
    var request = request
    let settings = try request.settings(of: workspace)
    let endpoints = try settings.endpoints(environment: ProcessInfo.processInfo.environment)
    if try request.critics(endpoints, settings) == nil { request.models = try await listed(endpoints[0]) }
    guard let critics = try request.critics(endpoints, settings) else { return }
    let run = try LiveRun(
      of: solution, by: critics, mode: request.mode, prompts: PromptLibrary(replacing: settings.prompts),
      settings: settings, recorded: request.fallbacks.map { [0: $0] })
    let interruption = Interruption()
    let output = StandardOutput()
    var round = LiveRound()
    if request.isChallenge {
      try describe(solution, output)
      round.guess = guess(of: solution)
    }
    run.start()
    var written = 0
    var isMarked = false
    var place = 0
    var snapshot = run.snapshot()
    while true {
      let isRunning = snapshot.isRunning
      try write(snapshot, &place, &written, &isMarked, output, critics: critics.count)
      if !isRunning { break }
      do { try interruption.check() } catch {
        run.stop()
        try output.flush()
        throw error
      }
      try await Task.sleep(for: .milliseconds(50))
      snapshot = run.snapshot()
    }
    if waits {
      StandardError.write("Press enter for the verdict.")
      _ = readLine()
    }
    try tell(snapshot, round, solution, output)
    if saves {
      let saving = try run.save(in: workspace, as: stored?.id, programVersion: Version.number)
      StandardError.write("\(Figures.count(saving.stored, "critique")) saved: solution \(saving.solution).")
    }
    if snapshot.columns.contains(where: {
      $0.texts.values.contains { if case .failed = $0.phase { true } else { false } }
    }) {
      throw ExitStatus.partly
    }
  }

  /// The only model of a server.
  private func listed(_ endpoint: Endpoint) async throws -> [String] {
    let names = try await ModelClient.models(at: endpoint)
    guard names.count == 1 else {
      throw CommandError(
        names.isEmpty
          ? "\(endpoint.base) lists no models: name one with --model NAME."
          : "\(endpoint.base) serves several models; name one with --model: \(names.joined(separator: ", ")).")
    }
    return names
  }

  /// Texts in the order in which they are written down: of one step after the other, and of one critic after the other.
  private static func order(_ snapshot: LiveSnapshot) -> [(column: LiveColumn, step: Int, text: LiveText)] {
    snapshot.columns.enumerated().flatMap { index, column in
      column.texts.map { (index, column, $0.key, $0.value) }
    }.sorted { ($0.2, $0.0) < ($1.2, $1.0) }.map { ($0.1, $0.2, $0.3) }
  }

  private func write(
    _ snapshot: LiveSnapshot, _ place: inout Int, _ written: inout Int, _ isMarked: inout Bool,
    _ output: StandardOutput,
    critics: Int
  ) throws {
    let texts = Self.order(snapshot)
    while place < texts.count {
      let (column, step, text) = texts[place]
      if written == 0, text.phase != .waiting {
        let recorded = text.isRecorded ? " (recorded)" : ""
        isMarked = text.isRecorded
        if let stage = column.stage {
          try output.writeLine("\(place == 0 ? "" : "\n")Step \(step), \(stage.rawValue) critique\(recorded):")
        } else if critics > 1 || text.isRecorded {
          try output.writeLine("\(place == 0 ? "" : "\n")\(TextSafety.line(column.model))\(recorded):")
        }
      }
      if written > 0, text.isRecorded, !isMarked {
        isMarked = true
        try output.writeLine("(recorded)")
      }
      // Paragraphs are spoken as wholes: a formula may reach to the end of one.
      let spoken = ReadableText.spoken(text, of: column.stage, unicode: isUnicode)
      for line in spoken.dropFirst(max(written - 1, 0)) { try output.writeLine(line) }
      if text.phase != .waiting { written = spoken.count + 1 }
      guard text.isOver else { break }
      if let failure = text.failure { StandardError.report(failure) }
      switch text.phase {
      case .failed(let reason): StandardError.report(reason)
      case .cutOff:
        let tokens = Figures.count(text.tokens, "token")
        StandardError.write("The critique was cut off at \(tokens); --max-tokens allows more.")
      default: break
      }
      place += 1
      written = 0
      isMarked = false
    }
    try output.flush()
  }

  /// The problem and the steps, for who is to guess.
  private func describe(_ solution: Solution, _ output: StandardOutput) throws {
    let parts = ["Problem: " + solution.problem] + solution.steps.enumerated().map { "Step \($0 + 1): " + $1.text }
    for part in parts {
      for line in ReadableText.spoken(part, unicode: isUnicode) { try output.writeLine(line) }
    }
    try output.writeLine("")
    try output.flush()
  }

  /// Asks on standard input; `nil` at its end.
  private func guess(of solution: Solution) -> Int? {
    let count = solution.steps.count
    while true {
      StandardError.write("Which step is the first error? Type its number, 0 if every step is correct.")
      guard let line = readLine() else { return nil }
      if let number = Int(line.trimmingCharacters(in: .whitespaces)), (0...count).contains(number) {
        return number == 0 ? -1 : number
      }
      StandardError.write("There \(count == 1 ? "is 1 step" : "are \(count) steps").")
    }
  }

  private func tell(
    _ snapshot: LiveSnapshot, _ round: LiveRound, _ solution: Solution, _ output: StandardOutput
  ) throws {
    let columns = snapshot.columns.contains { $0.stage != nil } ? snapshot.columns.suffix(1) : snapshot.columns[...]
    for column in columns {
      let name = columns.count > 1 ? TextSafety.line(column.model) + ": " : ""
      switch column.answer {
      case .some(-1): try output.writeLine("\(name)no error")
      case .some(let step): try output.writeLine("\(name)first error: step \(step)")
      case nil:
        let isBroken = column.texts.values.contains { if case .failed = $0.phase { true } else { false } }
        try output.writeLine("\(name)no answer\(isBroken ? ": the server failed or broke off" : "")")
      }
      for text in column.texts.values.sorted(by: { $0.seconds < $1.seconds }).prefix(columns.count > 1 ? 1 : .max) {
        var facts = "\(text.tokens) tokens"
        if let rate = text.rate { facts += ", \(Figures.decimal(rate, 0))/s" }
        if let first = text.firstChunk { facts += ", the first after \(Figures.decimal(first, 2)) s" }
        if column.stage == nil, !text.isRecorded { StandardError.write(name + facts) }
      }
    }
    let voices = LiveVoice.all(in: snapshot.columns, hidesNames: false)
    let outcome = round.outcome(voices, solution.firstError.boxed.map { .known($0) } ?? .unknown)
    if !outcome.isEmpty { try output.writeLine(outcome) }
    try output.flush()
  }
}
