import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Agreement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure agreement between reviewers, with intervals.",
    discussion: """
      Reports percent agreement, Cohen's kappa (for each pair and their mean), Fleiss' kappa and Krippendorff's \
      alpha (nominal and ordinal): per step by judgement (neutral counts as correct) and by rating, and per solution \
      by first error. Only steps with several ratings count. Intervals are bootstrap percentiles over solutions.
      """)

  @Option(help: ArgumentHelp("Only matching solutions, as in 'deepcritic list'.", valueName: "filter"))
  var filter: String?
  @Option(
    name: .customLong("between"),
    help: ArgumentHelp("Only these reviewers; give at least two.", valueName: "name"))
  var reviewers: [String] = []
  @Option(
    help: ArgumentHelp(
      "Compare current verdicts, or first ones (in blind mode: before the reveal).",
      valueName: "standing|first"))
  var verdicts: ComparedVerdicts = .standing
  @Option(help: ArgumentHelp("Bootstrap samples; 0 disables intervals.", valueName: "n"))
  var samples = 1000
  @Option(help: ArgumentHelp("Random seed of the intervals.", valueName: "n"))
  var seed: UInt64 = 42
  @Option(help: ArgumentHelp("Confidence level.", valueName: "share"))
  var level = 0.95
  @Flag(help: "Write JSON.")
  var json = false
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if reviewers.count == 1 { throw ValidationError("--between needs at least two names: give it once for each.") }
    guard (0...100_000).contains(samples) else { throw ValidationError("--samples must be from 0 to 100000.") }
    guard level > 0, level < 1 else { throw ValidationError("--level must be above 0 and below 1, as 0.95.") }
  }

  func run() async throws {
    let opened = try workspace.or(root).open()
    let who = reviewing.context(root, try opened.settings())
    try Blindness.check(who, .agreement)
    let name = who.reviewer
    var ids: Set<Int64>?
    if let filter { ids = Set(try await opened.countedQueue(filter: QueueFilter(filter), .init(reviewer: name))) }
    let solutions = try opened.reviewedSolutions(among: ids)
    let known = Set(solutions.lazy.flatMap(\.views.keys))
    for reviewer in reviewers where !known.contains(reviewer) {
      throw CommandError(
        "'\(reviewer)' has reviewed nothing here. Known reviewers: "
          + (known.isEmpty ? "none" : known.sorted().joined(separator: ", ")) + ".")
    }
    let report = AgreementReport(
      solutions,
      options: AgreementOptions(
        verdicts: verdicts, reviewers: reviewers,
        bootstrap: BootstrapOptions(samples: samples, seed: seed, level: level)))
    if json { return try JSONOutput.write(report) }
    try FigureOutput.write(report.judgement.pairs.count > 1 ? [report.page, report.pairsPage] : [report.page])
  }
}
