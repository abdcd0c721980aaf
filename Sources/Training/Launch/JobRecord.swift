import Formatting
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What was last heard of a run that a scheduler has: `job.json` in the run's folder, which its launcher's
/// ``Launcher/status(_:)`` keeps up to date and ``RunStatus`` is read from. The states are named as Ray names them.
struct JobRecord: Codable, Sendable, Hashable {
  /// The scheduler's address, or its name.
  var address: String
  /// The job's name there.
  var job: String
  /// PENDING, RUNNING, STOPPED, SUCCEEDED or FAILED; ``unsubmitted`` of a job that the cluster did not take.
  var status: String
  /// What the scheduler says about it.
  var message: String?
  /// Which attempt of the run it is.
  var attempt: Int
  /// Bytes of the job's log that have been taken over.
  var logOffset: Int
  /// Where checkpoints and model go; `nil` of a run that an earlier version submitted.
  var output: String?

  /// The job's name without its attempt.
  var name: String { job.split(separator: "-").dropLast().joined(separator: "-") }

  /// The status of a job that the cluster did not take.
  static let unsubmitted = "UNSUBMITTED"

  static func read(_ folder: RunFolder) -> JobRecord? {
    PlainFile.data(folder.job).flatMap { try? JSONDecoder().decode(JobRecord.self, from: $0) }
  }

  /// The right to change a run's record: one program at a time, so that a log is taken over once.
  struct Lock: ~Copyable {
    private let folder: RunFolder
    private let file: Int32

    /// `nil` when another has it.
    init?(ifFree folder: RunFolder) {
      self.folder = folder
      file = open(folder.path + "/.job-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      // Given back when the file is closed, also when this program ends.
      guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    /// Waits until nobody else has it.
    init(_ folder: RunFolder) async throws {
      while true {
        if let lock = Lock(ifFree: folder) {
          self = lock
          return
        }
        try await Task.sleep(for: .milliseconds(50))
      }
    }

    deinit { close(file) }

    func write(_ record: JobRecord) throws { try folder.write(record, to: folder.job) }
  }
}
