import ArgumentParser
import DeepCriticCore
import Foundation
import Terminal

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Import files into the workspace.",
    discussion: """
      Reads JSON and JSON Lines, plain or gzipped, and detects the format. Directories are read recursively, in \
      alphabetical order; other files in them are listed and skipped. Importing a file again adds nothing, so run an \
      interrupted import again to complete it. Records that cannot be read are reported as FILE:LINE: REASON and \
      skipped; the exit code is then 3.
      """)

  @Argument(help: ArgumentHelp("Files and directories.", valueName: "file"), completion: .file())
  var files: [String]
  @Option(help: "Input format (default: detected).")
  var format: DatasetFormat?
  @Flag(help: "Skip files that contain a bad record.")
  var strict = false
  @Flag(help: "Write a summary as JSON.")
  var json = false
  @Flag(name: .shortAndLong, help: "Print only problems.")
  var quiet = false
  @OptionGroup var workspace: WorkspaceOption
  @ParentCommand var root: DeepCritic

  func run() throws {
    let opened = try workspace.or(root).openForWriting()
    let interruption = Interruption()
    var reports: [FileReport] = []
    defer { try? opened.close() }
    var found = ImportedFiles(files)
    for file in found.files {
      let meter = ProgressMeter(name: Self.shortName(file), isQuiet: quiet)
      do {
        let summary = try opened.importFile(
          file, options: ImportOptions(format: format, strict: strict), programVersion: Version.number,
          progress: { progress in
            meter.update(progress)
            try interruption.check()
          },
          onBad: { bad in
            meter.clear()
            StandardError.write(Self.words(bad))
          })
        meter.clear()
        if !quiet { StandardError.write(Self.words(summary)) }
        if let ahead = summary.ahead { StandardError.write(TextSafety.line("\(file): \(ahead.remark)")) }
        reports.append(FileReport(file: file, summary: summary))
      } catch let error as InterruptedError {
        meter.clear()
        throw error
      } catch let error as WorkspaceError {
        // The next file would fare no better.
        meter.clear()
        throw error
      } catch {
        meter.clear()
        if found.passOver(file, error) { continue }
        StandardError.report(Program.sentence(of: error))
        reports.append(FileReport(file: file, error: Program.sentence(of: error)))
      }
    }
    if !quiet { for line in found.words { StandardError.write(line) } }
    for folder in found.empty {
      let sentence =
        "\(folder) holds no file that could be imported. Name files, or a directory with JSON or JSON Lines."
      StandardError.report(sentence)
      reports.append(FileReport(file: folder, error: sentence))
    }
    if json { try JSONOutput.write(ImportReport(files: reports, passedOver: found.passedOver)) }
    if reports.contains(where: { $0.error != nil }) { throw ExitStatus.failed }
    if reports.contains(where: { ($0.summary?.bad ?? 0) > 0 }) { throw ExitStatus.partly }
  }

  private static func shortName(_ path: String) -> String {
    TextSafety.line(URL(fileURLWithPath: path).lastPathComponent)
  }

  private static func words(_ bad: BadRecord) -> String {
    // The remedy must survive a reason that quotes half a record.
    clip(TextSafety.line("\(bad)"), to: 600) + (bad.remedy.map { ". \($0)" } ?? "")
  }

  private static func words(_ summary: ImportSummary) -> String {
    var parts = ["\(Figures.count(summary.added)) added"]
    if summary.further > 0 { parts.append("\(Figures.count(summary.further)) of known solutions") }
    if summary.already > 0 { parts.append("\(Figures.count(summary.already)) already imported") }
    if summary.critiques > 0 { parts.append(Figures.count(summary.critiques, "new critique")) }
    if summary.events > 0 { parts.append(Figures.count(summary.events, "new decision")) }
    if summary.bad > 0 { parts.append("\(Figures.count(summary.bad)) bad") }
    let title = DatasetFormat(rawValue: summary.format)?.title ?? summary.format
    return "\(summary.path): \(title), \(Figures.count(summary.records, "record")): "
      + parts.joined(separator: ", ") + " (\(Figures.seconds(summary.seconds)))"
  }
}

/// What `import --json` writes.
private struct ImportReport: Encodable {
  var files: [FileReport]
  /// Files in directories that are not data, by directory and kind.
  var passedOver: [ImportedFiles.PassedOver]
}

private struct FileReport: Encodable {
  var file: String
  var summary: ImportSummary?
  var error: String?
}
