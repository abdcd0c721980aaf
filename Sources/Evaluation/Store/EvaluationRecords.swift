import CritiqueModel
import Foundation
import Hashing
import JSON
import ReviewStore

/// One row of a benchmark.
public struct BenchmarkItem: Sendable, Hashable, Codable {
  /// Its place in the benchmark, from 0.
  public var position: Int
  /// The identifier that the file gives it, or its line.
  public var id: String
  /// The solution's number in this workspace; 0 outside of one.
  public var solution: Int64 = 0
  /// The 1-based first error, −1 for none.
  public var gold: Int
  /// By step, whether it is right; `nil` where nobody says.
  public var rightSteps: [Bool?]
  /// Whether the solution's final answer is right, where the file says so.
  public var finalAnswerIsCorrect: Bool?
  /// The model that wrote the solution, where the file says so.
  public var generator: String?
  /// The problem's subject, where the file says so.
  public var subject: String?

  /// One character per step, as stored.
  var marks: String { String(rightSteps.map { $0.map { $0 ? "+" : "-" } ?? "." }) }

  static func rightSteps(_ marks: String) -> [Bool?] {
    marks.map { $0 == "+" ? true : $0 == "-" ? false : nil }
  }
}

/// A set of rows to evaluate on.
public struct BenchmarkEntry: Sendable, Hashable, Codable {
  /// Number in this workspace.
  public var id: Int64
  /// Its name: "gsm8k".
  public var name: String
  /// The file it was read from.
  public var path: String
  /// Name of the file's format.
  public var format: String
  /// Rows of the file that cannot be used, by reason.
  public var leftOut: [String: Int]
  /// How many rows it has.
  public var items: Int
}

/// How a critic is asked and how its answers are read: everything without which a score means nothing.
public struct EvaluationSpecification: Sendable, Hashable, Codable {
  /// Where the answers come from.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// A model behind a server.
    case model
    /// A file with predictions made elsewhere.
    case predictions
    /// A rule that needs no model.
    case baseline
  }

  /// Where the answers come from.
  public var kind: Kind
  /// The model's name, as the server knows it; or the baseline's.
  public var model: String?
  /// The protocol ("processbench", "deepcritic").
  public var protocolName: String
  /// SHA-256 of the prompt template's text, in hexadecimal digits.
  public var promptHash: String?
  /// Sampling temperature.
  public var temperature: Double?
  /// Top-p of nucleus sampling.
  public var topP: Double?
  /// Longest answer, in tokens.
  public var maxTokens: Int?
  /// Seed of sample 0, if samples are seeded.
  public var seed: Int?
  /// Answers of each row.
  public var samples = 1
  /// The rule that finds an answer in a text, with its version: "standard 1".
  public var extraction: String
  /// Where answers begin to count: 0 or 1.
  public var indexBase = 1
  /// A text without an answer line says nothing.
  public var requiresAnswerLine = false
  /// The files that predictions came from.
  public var sources: [String]?
  /// SHA-256 over the contents of those files, in hexadecimal digits.
  public var sourceHash: String?
  /// A step whose score is below is wrong, for predictions by step.
  public var threshold: Double?
  /// Hash of the dataset that trained the critic, where somebody said so.
  public var trainedOn: String?
  /// Name of the run that trained it, where somebody said so.
  public var trainedBy: String?

  /// As JSON with sorted keys.
  var json: String {
    return (try? JSONEncoder.sorted.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// 16 bytes of SHA-256 over everything that makes it another evaluation: not the version of the rule, which
  /// re-scoring moves on, nor where files lie, nor what it was trained on.
  func identity(_ name: String) -> [UInt8] {
    var same = self
    same.sources = nil
    same.trainedOn = nil
    same.trainedBy = nil
    same.extraction = extraction.split(separator: " ").first.map(String.init) ?? extraction
    return Array(SHA256.hash(data: Array((name + "\n" + same.json).utf8)).prefix(16))
  }
}

/// A critic that was evaluated.
public struct EvaluationEntry: Sendable, Hashable, Codable {
  /// Number in this workspace.
  public var id: Int64
  /// The critic's name.
  public var name: String
  /// How it was asked.
  public var specification: EvaluationSpecification
  /// The program that asked first.
  public var programVersion: String
  /// When it was begun, in milliseconds since 1970.
  public var at: Int64
}

/// A row of a benchmark in an evaluation.
public struct EvaluationTarget: Sendable, Hashable {
  /// The benchmark's number.
  public var benchmark: Int64
  /// The row's place in it.
  public var position: Int

  /// A target from its parts.
  public init(benchmark: Int64, position: Int) {
    self.benchmark = benchmark
    self.position = position
  }
}

/// One answer of a critic, as it comes to be stored.
public struct EvaluationAnswer: Sendable, Hashable {
  /// The rows it answers; usually one.
  public var targets: [EvaluationTarget]
  /// Sample number, from 0.
  public var sample: Int
  /// Identity of question and sample, 16 bytes.
  public var key: [UInt8]
  /// The whole text.
  public var text: String
  /// Scores by step, for predictions made of them.
  public var scores: [Double]?
  /// What the model thought before, where the server tells.
  public var reasoning: String?
  /// Why it ended, in the server's words.
  public var finish: String?
  /// The address that answered; the file's name for imported ones.
  public var endpoint: String
  /// Tokens of the request.
  public var promptTokens: Int?
  /// Tokens of the answer.
  public var completionTokens: Int?
  /// Milliseconds.
  public var latency: Int?
  /// What it says.
  public var reading: SampleReading
}

/// A request about a row that ended without an answer.
public struct EvaluationFailure: Sendable, Hashable {
  /// The rows it was about.
  public var targets: [EvaluationTarget]
  /// The reason in a word or two, to count by.
  public var reason: String
  /// The whole sentence.
  public var detail: String
  /// Requests that were made.
  public var attempts: Int
}

/// A row of a benchmark with what a critic answered.
public struct EvaluatedItem: Sendable, Hashable {
  /// The row.
  public var item: BenchmarkItem
  /// What the answers say, in their order.
  public var samples: [SampleReading]
}

/// An answer with everything that is kept about it.
public struct StoredTranscript: Sendable, Hashable {
  /// The whole text; empty when none came with the prediction.
  public var text: String
  /// Scores by step, for predictions made of them.
  public var scores: [Double]?
  /// What the model thought before.
  public var reasoning: String?
  /// Why it ended.
  public var finish: String?
  /// What it says.
  public var reading: SampleReading

  /// It was cut off at the token limit.
  public var isTruncated: Bool { finish == "length" }
}
