import Foundation

enum BackgroundWork {
  /// Runs something on threads of its own that leave the processor to the keys where both want it.
  @discardableResult
  static func start(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    Task(executorPreference: QuietExecutor(), operation: body)
  }
}

/// Runs whatever lies between two waits on a thread of its own.
private final class QuietExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { [self] in
      #if os(Linux)
        // Here a process number of 0 means the calling thread only.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      #endif
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
