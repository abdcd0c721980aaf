import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a critic on benchmarks.",
    discussion: """
      The critic is a model, a file of predictions or a baseline. Reports error accuracy, correct accuracy and F1 by \
      set with intervals; --details adds votes, groups, distances and calibration. Responses are stored as they \
      arrive: after an interruption, the next run \
      requests only what is missing. Settings are in [evaluate] of deepcritic.toml, servers in \
      [generate].

      Predictions: the public scripts' *_error.jsonl and *_correct.jsonl (no benchmark needed), rows with `id` and \
      `prediction`, `generated_critique` or `scores`, or one object of identifiers and predictions.

      Exit codes: 0 all answered, 3 some requests failed, 1 stopped early, 130 interrupted.
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Benchmark files (ProcessBench, MR-GSM8K, PRMBench, PRM800K, or rows with problem, steps and label), or names of benchmarks used before.",
      valueName: "[name=]file"))
  var benchmark: [BenchmarkOption] = []
  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Score predictions from files.", valueName: "file"))
  var predictions: [String] = []
  @Option(help: ArgumentHelp("Score a critic that needs no model.", valueName: "majority|random|correct"))
  var baseline: Baseline?
  @Option(
    help: ArgumentHelp("Critic name in tables (default: the model, file or baseline).", valueName: "name")
  )
  var name: String?
  @Flag(help: "Extract predictions from stored responses again; sends no requests.")
  var rescore = false
  @Option(
    help: ArgumentHelp("Delete an evaluation; its responses stay, and are not requested again.", valueName: "number"))
  var forget: Int?
  @OptionGroup(title: "Servers") var servers: ServerOptions
  @OptionGroup(title: "Asking") var asking: AskingOptions
  @OptionGroup(title: "Reading answers") var reading: ReadingOptions
  @OptionGroup(title: "Output") var form: ScoreFormOptions
  @Option(
    help: ArgumentHelp(
      "Run that trained the critic, or the hash of its training set, for lineage.", valueName: "run|hash"))
  var trainedOn: String?
  @Flag(help: "Print scores without storing them; needs no workspace.")
  var printOnly = false
  @Flag(help: "Print requests, cost and time without sending anything.")
  var dryRun = false
  @Flag(name: .shortAndLong, help: "Print only problems and scores.")
  var quiet = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func validate() throws {
    let ways = [!predictions.isEmpty, baseline != nil, rescore, forget != nil].count { $0 }
    if ways > 1 { throw ValidationError("--predictions, --baseline, --rescore and --forget cannot be combined.") }
    if predictions.isEmpty, !rescore, forget == nil, benchmark.isEmpty {
      throw ValidationError("Name what to evaluate on: --benchmark FILE.")
    }
    if printOnly, predictions.isEmpty, baseline == nil {
      throw ValidationError("--print-only requires --predictions or --baseline.")
    }
    if dryRun, ways > 0 { throw ValidationError("--dry-run is for evaluations that ask a model.") }
  }

  func run() async throws {
    if printOnly { return try printScores() }
    let opened = try workspace.or(root).openForWriting()
    defer { try? opened.close() }
    var settings = try EvaluateSettings(path: opened.settingsPath)
    asking.apply(to: &settings)
    settings.model = servers.model ?? settings.model
    if let forget { return try forgetEvaluation(forget, opened) }
    if rescore { return try rescoreAll(opened, settings) }
    let entry: EvaluationEntry
    var failed = false
    if !predictions.isEmpty || baseline != nil {
      entry = try EvaluateImport(command: self, workspace: opened).run()
    } else {
      let session = try EvaluateSession(command: self, workspace: opened, settings: settings)
      guard let asked = try await session.run() else { return }
      (entry, failed) = asked
    }
    try output(opened.score(entry, bootstrap: form.bootstrap(settings), labels: form.labels))
    if failed { throw ExitStatus.partly }
  }

  func output(_ score: CriticScore) throws {
    if let html = form.html { try HTMLReport(scores: [score]).write(to: html) }
    try ScoreOutput(form: form).write(score)
  }

  /// Scores without a workspace.
  private func printScores() throws {
    let sets = try EvaluateBenchmarks.read(self)
    let critic = try importedCritic(sets, seed: asking.seed ?? 0)
    try output(
      critic.score(name: name, programVersion: Version.number, bootstrap: form.bootstrap(EvaluateSettings())))
  }

  private func forgetEvaluation(_ number: Int, _ workspace: Workspace) throws {
    let all = try workspace.evaluations()
    guard let entry = all.first(where: { $0.id == number }) else {
      throw EvaluationError.noEvaluation(String(number), known: all.map { "\($0.id) \($0.name)" })
    }
    try workspace.forgetEvaluation(entry.id)
    StandardError.write("Evaluation \(entry.id) (\(entry.name)) is gone; its answers stay.")
  }

  private func rescoreAll(_ workspace: Workspace, _ settings: EvaluateSettings) throws {
    let wanted = try workspace.evaluations().filter { name == nil || $0.name == name || String($0.id) == name }
    guard !wanted.isEmpty else {
      throw EvaluationError.noEvaluation(name ?? "", known: try workspace.evaluations().map(\.name))
    }
    for entry in wanted {
      let rescoring = Rescoring(entry: entry, reading: reading)
      let counts = try workspace.rescore(entry, rescoring.specification) { rescoring.read($0) }
      if !quiet {
        StandardError.write(
          "\(entry.id) \(entry.name): \(Figures.count(counts.read, "answer")) read again, "
            + "\(Figures.count(counts.changed)) say something else.")
      }
    }
    let ids = Set(wanted.map(\.id))
    let scores = try workspace.evaluations().filter { ids.contains($0.id) }
      .map { try workspace.score($0, bootstrap: form.bootstrap(settings), labels: form.labels) }
    if let html = form.html { try HTMLReport(scores: scores).write(to: html) }
    if form.json, scores.count > 1 { return try JSONOutput.write(scores) }
    for score in scores { try ScoreOutput(form: form).write(score) }
  }
}
