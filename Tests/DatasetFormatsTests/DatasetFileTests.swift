import CritiqueModel
import Foundation
import JSON
import TestSupport
import Testing

@testable import DatasetFormats

@Suite("Files of the datasets")
struct DatasetFileTests {
  static let files: [(DataFolder, String, DatasetFormat, Int)] = DataFolder.available.flatMap {
    [
      ($0, "processbench/gsm8k.json", .processbench, 400),
      ($0, "processbench/math.json", .processbench, 1000),
      ($0, "mr-gsm8k/processed_test.json", .mrgsm8k, 1418),
      ($0, "prm800k/samples.jsonl", .prm800k, 6),
    ]
  }

  @Test(arguments: files)
  func readsEveryRecord(_ folder: DataFolder, _ name: String, _ format: DatasetFormat, _ count: Int) throws {
    let reading = read(path: try folder.path(name))
    #expect(reading.error == nil)
    #expect(reading.format == format)
    #expect(reading.bad == [])
    #expect(reading.records.count == count)
    #expect(reading.solutions.allSatisfy { !$0.steps.isEmpty })
  }

  /// Writing the raw records back in the source's layout means what the source means.
  @Test(arguments: files)
  func rawRecordsAreTheSource(_ folder: DataFolder, _ name: String, _ format: DatasetFormat, _ count: Int) throws {
    let source = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path(name))))
    let records = read(path: try folder.path(name)).records
    if source.first == UInt8(ascii: "[") {
      let written = Array("[".utf8) + records.map(\.raw).joined(separator: Array(",".utf8)) + Array("]".utf8)
      #expect(try JSONDocument(parsing: written).canonicalHash == JSONDocument(parsing: source).canonicalHash)
    } else {
      let lines = source.split(separator: 0x0A).map(Array.init)
      #expect(lines == records.map(\.raw))
    }
  }

  /// Line numbers inside a pretty-printed list: the line named starts the record.
  @Test(arguments: files)
  func linesAreWhereRecordsStart(_ folder: DataFolder, _ name: String, _ format: DatasetFormat, _ count: Int) throws {
    let source = try String(contentsOfFile: folder.path(name), encoding: .utf8)
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    for record in read(path: try folder.path(name)).records {
      let line = lines[record.line - 1].trimmingCharacters(in: .whitespaces)
      #expect(line.utf8.first == UInt8(ascii: "{"))
      #expect(record.raw.starts(with: line.utf8))
    }
  }

  @Test(arguments: DataFolder.available)
  func processBenchLabelsAreFirstErrors(_ folder: DataFolder) throws {
    let path = try folder.path("processbench/math.json")
    let source = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    let rows = try #require(source as? [[String: Any]])
    for (row, solution) in zip(rows, read(path: path).solutions) {
      let label = try #require(row["label"] as? Int)
      #expect(solution.firstError == (label < 0 ? .none : .step(label + 1)))
      #expect(solution.steps.map(\.text) == row["steps"] as? [String])
      #expect(solution.problem == row["problem"] as? String)
      #expect(solution.sourceID == row["id"] as? String)
      #expect(solution.finalAnswerCorrect == row["final_answer_correct"] as? Bool)
      #expect(solution.generator == row["generator"] as? String)
    }
  }

  @Test(arguments: DataFolder.available)
  func prm800kSamples(_ folder: DataFolder) throws {
    let solutions = read(path: try folder.path("prm800k/samples.jsonl")).solutions
    try #require(solutions.count == 6)
    // Phase 1: a human completion on the path, alternatives rated.
    #expect(solutions[0].steps[1].completion.author == .human)
    #expect(solutions[0].steps[1].rating == nil)
    #expect(solutions[0].steps[1].alternatives.count == 5)
    #expect(solutions[0].steps[5].text.hasSuffix("# Answer\n\n29"))
    #expect(solutions[0].steps[5].rating == .correct)
    #expect(solutions[0].finishReason == .solution)
    // Phase 2: seven labelled steps of thirteen, the error at the seventh.
    #expect(solutions[1].steps.count == 13)
    #expect(solutions[1].firstError == .step(7))
    #expect(solutions[1].steps[6].alternatives.count == 3)
    #expect(solutions[1].steps[7].rating == nil)
    #expect(solutions[1].referenceSolution != nil)
    // Gave up: the empty label step at the end is not a step.
    #expect(solutions[4].finishReason == .giveUp)
    #expect(solutions[4].steps.count == 8)
    #expect(solutions[4].steps[7].completion.author == .human)
    #expect(solutions[5].isScreening)
    #expect(!solutions[1].isScreening)
    #expect(solutions[5].firstError == .none)
  }

  @Test(arguments: files)
  func reopeningARecordGivesTheSame(
    _ folder: DataFolder, _ name: String, _ format: DatasetFormat, _ count: Int
  ) throws {
    for record in read(path: try folder.path(name)).records {
      #expect(try RecordDecoder.content(of: record.raw, format: format).solutions == record.content.solutions)
    }
  }

  @Test(arguments: files)
  func convertingKeepsStepsAndRatings(
    _ folder: DataFolder, _ name: String, _ format: DatasetFormat, _ count: Int
  ) throws {
    for solution in read(path: try folder.path(name)).solutions {
      for target in RecordEncoder.formats {
        if target == .processbench, solution.firstError == .unknown { continue }
        let back = try RecordDecoder.content(
          of: RecordEncoder.encode(solution, critiques: [], as: target), format: target)
        let copy = try #require(back.solutions.first)
        #expect(copy.problem == solution.problem)
        #expect(copy.referenceAnswer == solution.referenceAnswer)
        #expect(copy.steps.map(\.text) == solution.steps.map(\.text))
        #expect(copy.firstError == solution.firstError)
        switch target {
        case .prm800k: #expect(copy.steps == solution.steps)
        case .deepcritic: #expect(copy.steps.map(\.rating) == solution.steps.map(\.rating))
        default: break
        }
      }
    }
  }
}
