import Foundation
import GRDB
import ReviewStore

/// A training run as the workspace knows it.
public struct RunEntry: Sendable, Hashable, Codable {
  /// Its number in this workspace.
  public var id: Int64
  /// Its name, which is that of its folder too ("sft-1").
  public var name: String
  /// "sft" or "rl".
  public var stage: String
  /// "trl" or "verl".
  public var engine: String
  /// Where it was started.
  public var launcher: String
  /// The base model.
  public var model: String
  /// Content hash of the dataset.
  public var dataset: String
  /// The whole specification, as TOML.
  public var spec: String
  /// The program that started it.
  public var programVersion: String
  /// When it was made, in milliseconds since 1970.
  public var at: Int64
  /// Bytes of its feed that have been read.
  public var feedOffset: Int64
  /// Lines of its feed that could not be read.
  public var badLines: Int
  /// The last reported step.
  public var step: Int
  /// Steps in all; `nil` before that is known.
  public var total: Int?

  /// A run that is new.
  public init(
    name: String, stage: String, engine: String, launcher: String, model: String, dataset: String, spec: String,
    programVersion: String, at: Int64
  ) {
    id = 0
    self.name = name
    self.stage = stage
    self.engine = engine
    self.launcher = launcher
    self.model = model
    self.dataset = dataset
    self.spec = spec
    self.programVersion = programVersion
    self.at = at
    (feedOffset, badLines, step) = (0, 0, 0)
  }

  init(row: Row) {
    self.init(
      name: row["name"], stage: row["stage"], engine: row["engine"], launcher: row["launcher"], model: row["model"],
      dataset: row["dataset"], spec: row["spec"], programVersion: row["program_version"], at: row["at"])
    id = row["id"]
    feedOffset = row["feed_offset"]
    badLines = row["bad_lines"]
    step = row["step"]
    total = row["total"]
  }
}

/// One value of a line of a chart.
public struct RunPoint: Sendable, Hashable {
  /// The step it belongs to.
  public var step: Int
  /// The value; not a number where the trainer said so.
  public var value: Double
}

/// A sampled critique with its reward.
public struct RunSample: Sendable, Hashable, Codable {
  /// Its position in the feed.
  public var position: Int64
  /// The step it was sampled at.
  public var step: Int
  /// What the model wrote.
  public var completion: String
  /// What it was worth.
  public var reward: Double?
  /// The index in its last box.
  public var answer: Int?
  /// The first error by the label, −1 for none.
  public var groundTruth: Int?
  /// Key of the solution that it is about.
  public var solution: String?
}

/// Anything else that a feed says.
public struct RunEvent: Sendable, Hashable, Codable {
  /// Its position in the feed.
  public var position: Int64
  /// Which attempt of the run it belongs to, from 1.
  public var attempt: Int
  /// "process", "start", "checkpoint", "model", "error", "exit", "note"; "bad" for a line that is none.
  public var kind: String
  /// The step it belongs to.
  public var step: Int?
  /// When, in milliseconds since 1970 by the trainer's clock.
  public var at: Int64?
  /// The line.
  public var body: String
}

/// What a part of a feed says.
public struct RunFeedPart: Sendable {
  /// Values by the line's name.
  public var points: [String: [RunPoint]] = [:]
  /// When steps were logged: attempt, and seconds since it began.
  public var steps: [Int: (attempt: Int, elapsed: Double)] = [:]
  /// Sampled critiques.
  public var samples: [RunSample] = []
  /// Anything else.
  public var events: [RunEvent] = []
  /// Lines that could not be read.
  public var badLines = 0
  /// The last reported step.
  public var step: Int?
  /// Steps in all.
  public var total: Int?
}
