import Dispatch
import JSON
import ReviewStore
import Synchronization

/// Long-lived workers that tell whether answers equal references, by math-verify.
///
/// Answers whose normal texts are the same are right at once. For all others each pair goes to a free worker; one that
/// does not respond in time is stopped and replaced, which loses only that pair. Grades come in the order of the
/// pairs.
///
/// ```swift
/// let pool = GradingPool(settings, python: "python3")
/// let grades = try await pool.grade([GradePair(gold: "\\frac12", answer: "0.5")])
/// pool.shutdown()
/// ```
public final class GradingPool: Sendable {
  private struct Worker: Sendable {
    var process: GraderProcess?
  }

  private final class Seat: Sendable {
    let worker = Mutex(Worker())
    let queue = DispatchQueue(label: "deepcritic.grader")
  }

  /// What the threads of one call share.
  private final class Job: Sendable {
    let pairs: [GradePair]
    let state: Mutex<(next: Int, grades: [StoredGrade?], failure: GradingError?)>

    init(_ pairs: [GradePair]) {
      self.pairs = pairs
      state = Mutex((0, Array(repeating: nil, count: pairs.count), nil))
    }

    func next() -> Int? {
      state.withLock { state in
        guard state.next < pairs.count, state.failure == nil else { return nil }
        defer { state.next += 1 }
        return state.next
      }
    }
  }

  private let settings: GradingSettings
  private let python: String
  private let seats: [Seat]
  private let name = Mutex<String?>(nil)

  /// A pool whose workers are started when they are first needed.
  public init(_ settings: GradingSettings, python: String) {
    self.settings = settings
    self.python = python
    seats = (0..<max(settings.workers, 1)).map { _ in Seat() }
  }

  /// Ends the workers.
  deinit { shutdown() }

  /// Who grades ("math-verify 0.9.0"). Starts a worker if none has been.
  ///
  /// - Throws: ``GradingError``.
  public func grader() async throws -> String {
    if let known = name.withLock({ $0 }) { return known }
    let seat = seats[0]
    return try await withCheckedThrowingContinuation { continuation in
      seat.queue.async {
        continuation.resume(
          with: Result {
            try seat.worker.withLock { worker in
              if let process = worker.process { return process.grader }
              let process = try self.start()
              worker.process = process
              return process.grader
            }
          })
      }
    }
  }

  /// Grades pairs, in their order.
  ///
  /// - Throws: ``GradingError`` when no worker can be started; `CancellationError`.
  public func grade(_ pairs: [GradePair]) async throws -> [StoredGrade] {
    let job = Job(pairs)
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        for seat in seats.prefix(max(pairs.count, 1)) {
          group.addTask {
            await withCheckedContinuation { continuation in
              seat.queue.async {
                self.work(job, seat)
                continuation.resume()
              }
            }
          }
        }
      }
    } onCancel: {
      job.state.withLock { $0.next = job.pairs.count }
    }
    try Task.checkCancellation()
    let (grades, failure) = job.state.withLock { ($0.grades, $0.failure) }
    if let failure { throw failure }
    return grades.map { $0 ?? StoredGrade(outcome: .undecided, detail: "stopped") }
  }

  /// Ends the workers; the next pair starts them again.
  public func shutdown() {
    for seat in seats {
      seat.worker.withLock { worker in
        worker.process?.end()
        worker.process = nil
      }
    }
  }

  /// Process numbers of the workers that run.
  var processes: [Int32] { seats.compactMap { $0.worker.withLock { $0.process?.pid } } }

  private func start() throws(GradingError) -> GraderProcess {
    let process = try GraderProcess(python: python, startLimit: settings.startLimit)
    name.withLock { $0 = process.grader }
    return process
  }

  private func work(_ job: Job, _ seat: Seat) {
    while let index = job.next() {
      do throws(GradingError) {
        let grade = try grade(job.pairs[index], seat)
        job.state.withLock { $0.grades[index] = grade }
      } catch {
        job.state.withLock { $0.failure = error }
      }
    }
  }

  private func grade(_ pair: GradePair, _ seat: Seat) throws(GradingError) -> StoredGrade {
    if let grade = Self.quick(pair) { return grade }
    // A worker that ends by itself may have been ended from outside: the pair gets a second one.
    for attempt in 0..<2 {
      let answer = try seat.worker.withLock { worker throws(GradingError) -> GraderProcess.Answer in
        var process = if let there = worker.process { there } else { try start() }
        process.send(pair, limit: settings.timeLimit)
        let answer = process.receive(within: settings.timeLimit)
        if case .line = answer {
          worker.process = process
        } else {
          process.end()
          worker.process = nil
        }
        return answer
      }
      switch answer {
      case .line(let line): return Self.grade(of: line)
      case .timeout: return StoredGrade(outcome: .undecided, detail: "over the time limit")
      case .ended: if attempt == 1 { return StoredGrade(outcome: .undecided, detail: "the grader died of it") }
      }
    }
    return StoredGrade(outcome: .undecided, detail: "the grader died of it")
  }

  /// What needs no worker: empty texts, overlong ones, and the same normal text.
  private static func quick(_ pair: GradePair) -> StoredGrade? {
    let gold = AnswerText.normalized(pair.gold)
    let answer = AnswerText.normalized(pair.answer)
    if gold.isEmpty || answer.isEmpty { return StoredGrade(outcome: .wrong, detail: "empty") }
    if gold == answer { return StoredGrade(outcome: .right, detail: "same text") }
    if pair.gold.utf8.count > GraderProcess.longestText || pair.answer.utf8.count > GraderProcess.longestText {
      return StoredGrade(outcome: .undecided, detail: "longer than any answer")
    }
    return nil
  }

  private static func grade(of line: [UInt8]) -> StoredGrade {
    guard let root = try? JSONDocument(parsing: line).root, let correct = root["correct"]?.bool else {
      return StoredGrade(outcome: .undecided, detail: "the grader's answer cannot be read")
    }
    if let error = root["error"]?.string { return StoredGrade(outcome: .undecided, detail: error) }
    return StoredGrade(outcome: correct ? .right : .wrong)
  }
}
