import ArgumentParser
import DeepCriticCore
import Foundation

extension Export {
  /// Writes the supervised set.
  struct SFT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sft", abstract: "Write the training set for supervised fine-tuning into a folder.",
      discussion: """
        The folder gets train.jsonl (and validation.jsonl with --validation), manifest.json with the content hash and \
        every row's origin, and for LLaMA-Factory dataset_info.json. It is replaced in one step when all is written. \
        Formats: messages (TRL, verl), prompt-completion (TRL, trains on the completion only), sharegpt \
        (LLaMA-Factory), openai, deepcritic (the authors', with labels).
        """)

    @Option(help: "The shape of the rows.")
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
      commandName: "prm", abstract: "Write step-labelled data for process reward models into a folder.",
      discussion: """
        Every solution whose labels reach a conclusion, with the reviewers' labels; critiques do not matter here. \
        Formats: prm800k, and trl-stepwise (prompt, completions, labels up to the first error).
        """)

    @Option(help: "The shape of the rows.")
    var format: PRMFormat = .prm800k
    @OptionGroup var target: SetTarget
    @OptionGroup(title: "Rules") var options: CurateOptions
    @OptionGroup var workspace: WorkspaceOption
    @ParentCommand var root: DeepCritic

    func run() async throws { try await target.write(.prm(format), options, workspace.or(root).open()) }
  }

  /// Where a set goes.
  struct SetTarget: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The folder.", valueName: "dir"), completion: .directory)
    var output: String
    @Flag(help: "Write a summary as JSON to standard output.")
    var json = false
    @Flag(name: .shortAndLong, help: "Say nothing but problems.")
    var quiet = false

    func write(_ kind: DatasetKind, _ options: CurateOptions, _ workspace: Workspace) async throws {
      try await Self.write(kind, to: output, options.curator(workspace), json: json, quiet: quiet)
    }

    static func write(
      _ kind: DatasetKind, to output: String, _ curator: Curator, json: Bool, quiet: Bool
    ) async throws {
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
