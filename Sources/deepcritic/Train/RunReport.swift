import DeepCriticCore
import Foundation
import Terminal

/// A run as JSON and as lines.
struct RunReport: Encodable {
  var name: String
  var stage: String
  var engine: String
  var launcher: String
  var state: String
  var detail: String?
  var attempt: Int
  var pid: Int32?
  var step: Int
  var total: Int?
  var secondsLeft: Double?
  var values: [String: Double]
  var model: String
  var data: String
  var folder: String
  var badLines: Int
  var checkpoints: [RunFolder.Checkpoint]
  var trainedModel: String?
  var startedAt: Int64
  var note: String?

  init(_ run: TrainingRun) {
    name = run.name
    stage = run.entry.stage
    engine = run.entry.engine
    launcher = run.entry.launcher
    state = run.status.phase.rawValue
    detail = run.status.detail
    attempt = run.status.attempt
    pid = run.status.pid
    step = run.entry.step
    total = run.entry.total
    secondsLeft = run.secondsLeft
    // JSON has no other numbers.
    values = run.values.filter { $0.value.isFinite }
    model = run.entry.model
    data = run.entry.dataset
    folder = run.folder.path
    badLines = run.entry.badLines
    checkpoints = run.folder.checkpointList()
    trainedModel = FileManager.default.fileExists(atPath: run.folder.model + "/config.json") ? run.folder.model : nil
    startedAt = run.entry.at
    note = run.folder.note
  }
}

extension TrainingRun {
  /// The value that matters most: the reward, else the loss.
  var headline: String {
    for name in ["reward", "loss"] {
      if let value = values[name] { return "\(name) \(Figures.significant(value))" }
    }
    return ""
  }

  /// Its progress: "120/500".
  var progress: String { entry.total.map { "\(entry.step)/\($0)" } ?? (entry.step > 0 ? "\(entry.step)" : "-") }

  /// Time left in words; empty when nothing can be said.
  var timeLeft: String { secondsLeft.map { Figures.roughDuration($0) + " left" } ?? "" }
}
