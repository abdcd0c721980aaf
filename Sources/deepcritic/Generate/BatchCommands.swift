import DeepCriticCore
import Foundation
import Terminal

/// Batch files from the command line.
enum BatchCommands {
  static func write(
    _ path: String, _ stage: Stage, _ options: GenerationRun.Options, _ workspace: Workspace, dialect: ServerDialect,
    json: Bool
  ) throws {
    let interruption = Interruption()
    let writing = try options.writeBatch(of: stage, in: workspace, to: path, dialect: dialect) {
      try interruption.check()
    }
    if writing.requests == 0 {
      StandardError.write("Nothing is missing at the \(stage.rawValue) stage: \(path) was not written.")
    } else {
      StandardError.write(
        "\(Figures.count(writing.requests, "request")) for "
          + "\(Figures.count(writing.samples, "sample")) written to \(path). Run them, for example with "
          + "'vllm run-batch -i \(ShellWords.quoted(path)) -o answers.jsonl --model MODEL', then 'deepcritic generate --read-batch "
          + "answers.jsonl'.")
    }
    if writing.reused > 0 { StandardError.write("\(Figures.count(writing.reused, "sample")) already stored.") }
    if writing.alreadyOut > 0 {
      StandardError.write("\(Figures.count(writing.alreadyOut, "request")) left out: the same question is out already.")
    }
    if json { try JSONOutput.write(writing) }
  }

  private struct Report: Encodable {
    struct File: Encodable {
      var file: String
      var requests: Int
      var already: Int
      var bad: Int
      var counts: RequestProgress.Counts
      var error: String?
    }
    var files: [File] = []
    var stillOut = 0
  }

  static func read(_ files: [String], _ workspace: Workspace, json: Bool, quiet: Bool) throws {
    let interruption = Interruption()
    var report = Report()
    for file in files {
      do {
        let reading = try GenerationBatch.read(file, into: workspace) {
          try interruption.check()
        } onBad: { bad in
          StandardError.write(clip(TextSafety.line("\(bad)"), to: 600) + (bad.remedy.map { ". \($0)" } ?? ""))
        }
        if !quiet { StandardError.write("\(file): \(words(reading))") }
        report.files.append(
          Report.File(
            file: file, requests: reading.requests, already: reading.already, bad: reading.bad, counts: reading.counts))
      } catch let error as DatasetError {
        // The other files are read all the same.
        StandardError.report(error.description)
        report.files.append(
          Report.File(file: file, requests: 0, already: 0, bad: 0, counts: .init(), error: error.description))
      }
    }
    let open = try workspace.openBatches()
    report.stillOut = open.reduce(0) { $0 + $1.requests }
    if !quiet, report.stillOut > 0 {
      StandardError.write("\(Figures.count(report.stillOut, "request")) are still out.")
    }
    if json { try JSONOutput.write(report) }
    if report.files.contains(where: { $0.error != nil }) { throw ExitStatus.failed }
    if report.files.contains(where: { $0.bad > 0 }) { throw ExitStatus.partly }
  }

  private static func words(_ reading: BatchReading) -> String {
    var facts = [
      "\(Figures.count(reading.requests, "request")) answered, "
        + "\(Figures.count(reading.counts.samples, "sample")) stored, "
        + "\(Figures.count(reading.counts.usable)) usable"
    ]
    if !reading.counts.failed.isEmpty { facts.append(Figures.tally(reading.counts.failed)) }
    if reading.already > 0 { facts.append("\(Figures.count(reading.already)) already stored") }
    if reading.bad > 0 { facts.append("\(Figures.count(reading.bad, "line")) of no use") }
    return facts.joined(separator: "; ") + "."
  }
}
