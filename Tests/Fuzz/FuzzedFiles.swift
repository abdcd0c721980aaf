import Foundation

@testable import CritiqueGeneration
@testable import DatasetFormats
@testable import Evaluation
@testable import JSON
@testable import Recording
@testable import ReviewStore
@testable import TOML
@testable import Terminal
@testable import Training
@testable import Workbench

extension FuzzedReader {
  static let all = files + texts

  private static let files: [FuzzedReader] = [
    FuzzedReader("json") { bytes in
      guard let document = try? JSONDocument(parsing: bytes) else { return }
      // What was read is read again from its own bytes, and means the same.
      let raw = Array(document.root.raw)
      guard let again = try? JSONDocument(parsing: raw) else { fatalError("its own bytes are not read") }
      require(again.canonicalHash == document.canonicalHash, "its own bytes mean something else")
    },
    FuzzedReader("dataset") { bytes in
      let formats: [DatasetFormat?] = [nil] + DatasetFormat.allCases
      let (choice, rest) = bytes.choice(of: formats.count)
      let limits = ReaderLimits(chunkBytes: 64)
      guard let reader = try? DatasetReader(path: InputFile.write(rest), format: formats[choice], limits: limits) else {
        return
      }
      var line = 0
      while let item = try? reader.next() {
        switch item {
        case .bad(let bad): require(bad.line >= 1 && !bad.reason.isEmpty, "a bad record without its line")
        case .record(let record):
          require(record.line >= line, "lines go back")
          line = record.line
          for solution in record.content.solutions {
            for format in RecordEncoder.formats {
              guard let made = try? RecordEncoder.encode(solution, critiques: record.content.critiques, as: format)
              else { continue }
              guard let document = try? JSONDocument(parsing: made),
                (try? RecordDecoder.content(of: document.root, format: format)) != nil
              else { fatalError("a record that was converted to \(format.rawValue) is not read") }
            }
          }
        }
      }
    },
    FuzzedReader("reviews") { bytes in
      guard let event = try? ReviewsFile.decodeEvent(bytes) else { return }
      guard let text = try? ReviewsFile.encodeEvent(event), let again = try? ReviewsFile.decodeEvent(Array(text.utf8))
      else {
        fatalError("an event that was read is not written and read again")
      }
      require(again == event, "an event changes when it is written")
      _ = Projection.views(of: [event])
      _ = Decision(
        event.kind, step: event.step, value: event.value, note: event.note, basis: event.basis, target: event.target)
    },
    FuzzedReader("predictions") { bytes in
      let (choice, rest) = bytes.choice(of: 2)
      guard let file = try? PredictionFile(InputFile.write(rest), reading: choice == 0 ? nil : AnswerExtractor()) else {
        return
      }
      _ = PredictionFile.base(of: [file], extractor: AnswerExtractor())
      let reader = WrittenAnswerReader(extractor: AnswerExtractor(base: .zero))
      for answer in file.rows.flatMap(\.answers) { _ = reader.read(answer) }
    },
    FuzzedReader("toml") { bytes in
      guard let table = try? TOMLTable(bytes.text) else { return }
      for key in table.keys {
        require(table[key] != nil && (table.line(of: key) ?? 0) >= 1, "a key without its value or line")
      }
      var spec = RunSpecification(stage: .rl, engine: .trl)
      try? spec.read(table, file: "x")
    },
    FuzzedReader("settings") { bytes in
      let path = InputFile.write(bytes)
      _ = try? WorkspaceSettings(workspace: path, user: nil)
      _ = try? GenerateSettings(path: path)
      _ = try? EvaluateSettings(path: path)
    },
    FuzzedReader("theme") { bytes in
      guard let theme = try? ThemeFiles.parse(bytes.text, file: "x", name: "x") else { return }
      for role in StyleRole.generic { _ = theme[role] }
    },
    FuzzedReader("cast") { bytes in
      guard let cast = try? Cast(text: bytes.text, path: "x") else { return }
      let header = CastHeader(version: .two, size: cast.header.size, palette: .dark)
      guard let again = try? Cast(text: cast.film.cast(header), path: "x") else {
        fatalError("a film that was read is not written and read")
      }
      require(again.film.frames.map(\.frame) == cast.film.frames.map(\.frame), "frames change when they are written")
    },
    FuzzedReader("log") { bytes in
      guard let replay = try? SessionReplay(path: InputFile.write(bytes)) else { return }
      for (index, entry) in replay.entries.enumerated() {
        _ = entry.event
        _ = replay.edited(after: index)
      }
    },
    FuzzedReader("feed") { bytes in
      var part = RunFeedPart()
      for line in bytes.split(separator: 0x0A) { FeedLine.read(line, at: 0, into: &part) }
      for points in part.points.values {
        var series = ChartSeries(name: "x")
        for point in points { series.append(x: Double(point.step), y: point.value) }
        _ = Sparkline.text(series, width: 20, glyphs: .unicode)
      }
    },
    FuzzedReader("prompt") { bytes in
      let (choice, rest) = bytes.choice(of: PromptPurpose.allCases.count)
      do throws(PromptError) {
        _ = try PromptTemplate(rest.text, purpose: PromptPurpose.allCases[choice], file: "x")
      } catch {
        require(!"\(error)".isEmpty, "an error without words")
      }
    },
    FuzzedReader("filter") { bytes in
      _ = try? QueueFilter(bytes.text)
    },
  ]
}
