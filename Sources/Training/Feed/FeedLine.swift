import Foundation
import JSON
import ReviewStore

/// One line of a run's feed, read.
enum FeedLine {
  /// Largest step or attempt: sums and differences of two cannot overflow.
  private static let counts = 0...1_000_000_000

  /// Takes a line over.
  ///
  /// - Parameter position: where it begins in the feed.
  static func read(_ line: ArraySlice<UInt8>, at position: Int64, into part: inout RunFeedPart) {
    guard let root = try? JSONDocument(parsing: Array(line)).root, let kind = root["kind"]?.string else {
      return bad(line, position, &part)
    }
    let attempt = root["attempt"]?.int ?? 1
    let step = root["step"]?.int
    guard counts.contains(attempt), step.map(counts.contains) ?? true else { return bad(line, position, &part) }
    if let step, kind != "sample" { part.step = step }
    switch kind {
    case "log":
      guard let step, let values = root["values"], values.kind == .object else { return bad(line, position, &part) }
      for member in values.members {
        guard let name = MetricNames.name(of: member.key), let value = number(member.value) else { continue }
        part.points[name, default: []].append(RunPoint(step: step, value: value))
      }
      if let elapsed = root["elapsed"]?.double, abs(elapsed) < 1e12 { part.steps[step] = (attempt, elapsed) }
    case "sample":
      guard let step, let completion = root["completion"]?.string else { return bad(line, position, &part) }
      part.samples.append(
        RunSample(
          position: position, step: step, completion: completion, reward: root["reward"].flatMap(number),
          answer: root["answer"]?.int,
          groundTruth: root["ground_truth"].flatMap { $0.int ?? $0.string.flatMap { Int($0) } },
          solution: root["solution"]?.string.flatMap { $0.isEmpty ? nil : $0 }))
    default:
      if let total = root["total"]?.int, counts.contains(total) { part.total = total }
      part.events.append(
        RunEvent(
          position: position, attempt: attempt, kind: kind, step: step,
          at: root["at"]?.double.flatMap { abs($0) < 1e12 ? Int64($0 * 1000) : nil },
          body: String(decoding: line, as: UTF8.self)))
    }
  }

  private static func bad(_ line: ArraySlice<UInt8>, _ position: Int64, _ part: inout RunFeedPart) {
    part.badLines += 1
    // A few are enough to see what happened; a feed of garbage must not fill the workspace.
    guard part.badLines <= 20 else { return }
    part.events.append(
      RunEvent(
        position: position, attempt: 0, kind: "bad", step: nil, at: nil,
        body: String(decoding: line.prefix(300), as: UTF8.self)))
  }

  /// A number, or one of the texts that stand for what JSON lacks.
  private static func number(_ value: JSONView) -> Double? {
    if let number = value.double { return number }
    switch value.string {
    case "nan": return .nan
    case "inf": return .infinity
    case "-inf": return -.infinity
    default: return nil
    }
  }
}

/// One name for what each engine calls its own way.
public enum MetricNames {
  private static let names = [
    // TRL
    "mean_token_accuracy": "token_accuracy", "completions/mean_length": "completion_length",
    "completions/clipped_ratio": "clipped_ratio", "num_tokens": "tokens", "eval_loss": "validation_loss",
    "eval_mean_token_accuracy": "validation_accuracy", "frac_reward_zero_std": "uniform_groups",
    // verl
    "critic/score/mean": "reward", "response_length/mean": "completion_length",
    "response_length/clip_ratio": "clipped_ratio", "actor/entropy": "entropy", "actor/kl_loss": "kl",
    "actor/pg_loss": "loss", "actor/grad_norm": "grad_norm", "actor/lr": "learning_rate", "train/loss": "loss",
    "train/lr": "learning_rate", "train/grad_norm": "grad_norm", "val/loss": "validation_loss",
    "perf/throughput": "tokens_per_second",
  ]

  /// The name under which a value is kept; `nil` for one that says nothing about progress.
  static func name(of engines: String) -> String? {
    if let name = names[engines] { return name }
    // The trainer's summary at the end, and what says the same as the reward.
    if engines.hasPrefix("train_") || engines == "total_flos" || engines.hasPrefix("rewards/") { return nil }
    return engines
  }

  /// Names in the order in which people look at them; others follow.
  public static let order = [
    "reward", "loss", "validation_loss", "token_accuracy", "validation_accuracy", "entropy", "kl", "completion_length",
    "clipped_ratio", "uniform_groups", "reward_std", "learning_rate", "grad_norm", "tokens",
  ]

  /// Sorts names so that the telling ones come first.
  public static func sorted(_ names: [String]) -> [String] {
    names.sorted { a, b in
      let (i, j) = (order.firstIndex(of: a) ?? order.count, order.firstIndex(of: b) ?? order.count)
      return i == j ? a < b : i < j
    }
  }

  /// What a line of a chart is called, with its unit.
  public static func title(_ name: String) -> String {
    switch name {
    case "completion_length": "length of samples (tokens)"
    case "clipped_ratio": "share of samples cut off"
    case "uniform_groups": "share of prompts whose samples agree"
    case "token_accuracy": "token accuracy"
    case "validation_loss": "validation loss"
    case "validation_accuracy": "validation token accuracy"
    case "learning_rate": "learning rate"
    case "grad_norm": "norm of the gradient"
    case "reward_std": "spread of rewards"
    case "kl": "divergence from the base model"
    case "entropy": "entropy (nats)"
    default: name
    }
  }
}
