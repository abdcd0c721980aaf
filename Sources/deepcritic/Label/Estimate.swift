import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

extension Label {
  /// Finds the first errors, and says what each rule leaves out.
  struct Estimate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Estimate first errors from stored rollouts.",
      discussion: """
        Sends no requests: grades remaining rollouts, applies the thresholds of [label.estimate], stores the labels, \
        and counts what each rule leaves out. Default: the most recent model's rollouts.
        """)

    @OptionGroup(title: "Which rollouts") var options: LabelOptions
    @Option(help: ArgumentHelp("Use the rollouts of this model.", valueName: "name"))
    var model: String?
    @Option(
      help: ArgumentHelp("A prefix fails if at most this share of rollouts succeed (default: 0).", valueName: "share"))
    var fail: Double?
    @Option(help: ArgumentHelp("A prefix succeeds if more than this share succeed (default: 0.5).", valueName: "share"))
    var succeed: Double?
    @Option(
      help: ArgumentHelp(
        "Maximum success after the first failing prefix (default: 0.5).", valueName: "share"))
    var recover: Double?
    @Flag(help: "Include solutions with human labels, for comparison.")
    var includeLabelled = false
    @Option(help: ArgumentHelp("List the items with this reason instead.", valueName: "reason"))
    var reason: EstimateReason?
    @Flag(help: "Write JSON.")
    var json = false
    @Flag(name: .shortAndLong, help: "Print only problems.")
    var quiet = false
    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var reviewing: ReviewerOptions
    @ParentCommand var root: DeepCritic

    func validate() throws {
      for (name, value) in [("fail", fail), ("succeed", succeed), ("recover", recover)] {
        if let value, !(0...1).contains(value) { throw ValidationError("--\(name) goes from 0 to 1.") }
      }
    }

    func run() async throws {
      let opened = try workspace.or(root).open()
      if let reason { return try list(reason, opened) }
      if let refusal = opened.refusal { throw refusal }
      defer { try? opened.close() }
      var settings = try options.settings(opened, .rollout, model: model)
      settings.rule.fail = fail ?? settings.rule.fail
      settings.rule.succeed = succeed ?? settings.rule.succeed
      settings.rule.recover = recover ?? settings.rule.recover
      guard settings.rule.fail <= settings.rule.succeed else {
        throw ValidationError("--fail must not be more than --succeed.")
      }
      let prompt = try options.prompt(opened)
      let reviewer = reviewing.or(root).name(settings: try opened.settings())
      let choice = try opened.solutionsToRollOut(
        filter: try options.queueFilter(), reviewer: reviewer, includesLabelled: includeLabelled,
        includesBenchmarks: options.includeBenchmarks)
      let run = LabelRun.Options(kind: .rollout, settings: settings.rollout, prompt: prompt, ids: choice.ids)
      var generation: Int64?
      if settings.rollout.model != nil {
        generation = try opened.knownGenerationID(of: try run.specification())
      } else {
        generation = try opened.latestGenerationID(of: .rollout)
      }
      guard let generation else { throw LabelError.noRollouts }
      let outcome = try await LabelOutcome(
        workspace: opened, settings: settings, prompt: prompt, generation: generation, model: model ?? "",
        stopping: StopRequests(), quiet: quiet
      ).finish(.rollout, choice.ids)
      if json { try JSONOutput.write(outcome) }
    }

    private func list(_ reason: EstimateReason, _ workspace: Workspace) throws {
      let reviewer = reviewing.or(root)
      let settings = try workspace.settings()
      if reviewer.mode(settings: settings) == .blind {
        throw ValidationError("A list by reason would reveal what blind mode hides. Use --mode audit to allow it.")
      }
      let ids = try workspace.solutions(estimated: reason)
      let output = StandardOutput()
      for start in stride(from: 0, to: ids.count, by: 500) {
        for row in try workspace.rows(Array(ids[start..<min(start + 500, ids.count)]), reviewer: "") {
          let estimate = try workspace.estimate(of: row.id)
          let counts = estimate?.counts.map { "\($0.right)/\($0.all)" }.joined(separator: " ") ?? ""
          if json {
            try output.writeLine(
              try JSONOutput.line(
                Listed(
                  number: row.id, key: row.key, name: row.name, reason: reason.rawValue, step: estimate?.step,
                  firstError: estimate?.firstError, counts: estimate?.counts ?? [])))
          } else {
            let line =
              "\(row.id)  \(row.name)  \(reason.words)\(estimate?.step.map { " at step \($0)" } ?? "")  \(counts)"
            try output.writeLine(Screen.fit(TextSafety.line(line), Screen.columns(STDOUT_FILENO)))
          }
        }
      }
      try output.flush()
      if ids.isEmpty, !json { StandardError.write("No solutions have this reason.") }
    }

    private struct Listed: Encodable {
      var number: Int64
      var key: String
      var name: String
      var reason: String
      var step: Int?
      var firstError: Int?
      var counts: [SuccessCount]
    }
  }
}
