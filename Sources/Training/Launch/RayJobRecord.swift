import Foundation

/// What was last heard of a run that a Ray cluster has: `job.json` in the run's folder.
struct RayJobRecord: Codable, Sendable, Hashable {
  /// The cluster's address.
  var address: String
  /// The job's name there.
  var job: String
  /// PENDING, RUNNING, STOPPED, SUCCEEDED or FAILED.
  var status: String
  /// What the cluster says about it.
  var message: String?
  /// Which attempt of the run it is.
  var attempt: Int
  /// Characters of the job's log that have been taken over.
  var logOffset: Int
  /// Somebody asked it to stop.
  var stopAsked: Bool

  static func read(_ folder: RunFolder) -> RayJobRecord? {
    FileManager.default.contents(atPath: folder.job).flatMap { try? JSONDecoder().decode(RayJobRecord.self, from: $0) }
  }
}
