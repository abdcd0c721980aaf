import Foundation

enum BackgroundWork {
  /// Runs something on a thread of its own that leaves the processor to the keys where both want it.
  static func start(_ body: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
      #if os(Linux)
        // Here a process number of 0 means the calling thread only.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      #endif
      body()
    }
  }
}
