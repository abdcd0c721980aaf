import ArgumentParser
import DeepCriticCore
import Foundation

extension Export {
  /// Writes the supervised set.
  struct SFT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sft", abstract: "Export the training set for supervised fine-tuning.",
      discussion: """
        Writes train.jsonl, validation.jsonl with --validation, manifest.json with the content hash and the origin \
        of every row, and dataset_info.json for LLaMA-Factory. The directory is replaced in one step. Formats: \
        messages (TRL, verl), prompt-completion (TRL, trains on the completion only), sharegpt (LLaMA-Factory), \
        openai, deepcritic (the authors', with labels).
        """)

    @Option(help: "Row format.")
    var format: SFTFormat = .messages
    @OptionGroup var target: SetTarget
    @OptionGroup(title: "Rules") var options: CurateOptions
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var root: DeepCritic

    func run() async throws { try await target.write(.sft(format), options, workspace.or(root).open()) }
  }

  /// Writes step labels.
  struct PRM: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prm", abstract: "Export step labels for process reward models.",
      discussion: """
        Exports every solution with conclusive labels, regardless of critiques. Formats: prm800k and trl-stepwise \
        (prompt, completions, labels up to the first error).
        """)

    @Option(help: "Row format.")
    var format: PRMFormat = .prm800k
    @OptionGroup var target: SetTarget
    @OptionGroup(title: "Rules") var options: CurateOptions
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var root: DeepCritic

    func run() async throws { try await target.write(.prm(format), options, workspace.or(root).open()) }
  }

  /// Where a set goes.
  struct SetTarget: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Output directory.", valueName: "dir"), completion: .directory)
    var output: String
    @Flag(help: "Write a summary as JSON.")
    var json = false
    @Flag(name: .shortAndLong, help: "Print only problems.")
    var quiet = false

    func write(_ kind: DatasetKind, _ options: CurateOptions, _ workspace: Workspace) async throws {
      try await Self.write(kind, to: output, options.curator(workspace), json: json, quiet: quiet)
    }

    static func write(
      _ kind: DatasetKind, to output: String, _ curator: Curator, json: Bool, quiet: Bool
    ) async throws {
      let created = CreatedDirectory(for: output)
      let report = try await Interruption().cancelling {
        let panel = LivePanel(isQuiet: quiet || json)
        defer { panel.clear() }
        return try await curator.export(kind, to: output, program: "deepcritic \(Version.number)") { done, all in
          try Task.checkCancellation()
          if all > 0 { panel.show({ _, _ in ["\(done) of \(all) rows"] }, plain: "\(done) of \(all) rows") }
        }
      }
      if json { try JSONOutput.write(report) }
      for name in report.refused.prefix(20) {
        StandardError.write("\(name): the format cannot hold it: a step before the first error has no label.")
      }
      if !quiet {
        created.report()
        let parts = report.rows.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.value) for \($0.key)" }
        if report.rows["validation"] == 0 {
          StandardError.write("No validation rows at this share: no validation.jsonl.")
        }
        StandardError.write(
          "\(parts.joined(separator: ", ")) written to \(output); content hash \(report.hash.prefix(12)), lengths in "
            + "\(report.lengthUnit)."
            + (report.isRecorded ? "" : " The workspace is read-only: it does not keep the lineage."))
      }
      if case .sft(.openai) = kind, report.rows["train", default: 0] < 10 {
        StandardError.write("OpenAI's fine-tuning asks for at least 10 examples.")
      }
      if !report.refused.isEmpty { throw ExitStatus.partly }
    }
  }
}
