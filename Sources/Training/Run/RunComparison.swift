import Foundation
import ReviewStore

/// The settings in which runs differ, and the results of each.
public struct RunComparison: Sendable, Hashable, Codable {
  /// A setting that is not the same in all runs.
  public struct Setting: Sendable, Hashable, Codable {
    /// Its key.
    public var key: String
    /// Its value in each run, in their order; `nil` where it does not count.
    public var values: [String?]
  }

  /// A line of charts with its last value.
  public struct Value: Sendable, Hashable, Codable {
    /// The line's name.
    public var key: String
    /// The last value in each run; `nil` where it has none.
    public var values: [Double?]
  }

  /// The runs' names.
  public var runs: [String]
  /// Settings that differ, in the order of the file.
  public var settings: [Setting]
  /// Last values, the telling ones first.
  public var values: [Value]

  /// Compares runs.
  public init(_ runs: [TrainingRun]) throws {
    self.runs = runs.map(\.name)
    let all = runs.map { run in run.specification.map { $0.flat } ?? [] }
    var keys: [String] = []
    for pair in all.joined() where !keys.contains(pair.key) { keys.append(pair.key) }
    let maps = all.map { Dictionary($0.map { ($0.key, $0.value) }) { first, _ in first } }
    settings = keys.compactMap { key in
      let values = maps.map { $0[key] }
      return Set(values).count > 1 ? Setting(key: key, values: values) : nil
    }
    let names = Set(runs.flatMap(\.values.keys))
    values = MetricNames.sorted(Array(names)).map { name in
      Value(key: name, values: runs.map { $0.values[name].flatMap { $0.isFinite ? $0 : nil } })
    }
  }
}
