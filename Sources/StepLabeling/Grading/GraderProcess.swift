import Foundation
import JSON
import ModelClient
import Secrets
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One worker: a Python process that is sent a line and answers with a line.
///
/// A value: whoever holds it must be the only one to use it, and must end it. Started with `posix_spawn`: a worker serves many
/// calls, and is killed between two of them when it is late, while swift-subprocess's processes live within one call.
struct GraderProcess: Sendable {
  let pid: pid_t
  private let input: Int32
  /// The other end of `input`. Kept open here, so that writing to a worker that has died raises no signal.
  private let inputEnd: Int32
  private let output: Int32
  private var received: [UInt8] = []
  /// Who grades ("math-verify 0.9.0").
  private(set) var grader = ""

  /// The response, if it came in time.
  enum Answer {
    case line([UInt8])
    case timeout
    /// The process ended.
    case ended
  }

  /// Longest text of a pair in bytes: it must fit a pipe at once, and no answer is as long.
  static let longestText = 12 << 10

  /// Starts a worker and waits until it is ready.
  ///
  /// - Throws: ``GradingError``.
  init(python: String, startLimit: Double) throws(GradingError) {
    let started: Started
    do { started = try Self.spawning.withLock { _ in try Self.start(python) } } catch {
      throw error as? GradingError ?? GradingError(python, "\(error)")
    }
    pid = started.pid
    input = started.input
    inputEnd = started.inputEnd
    output = started.output
    var problem = "it does not start; 'python3 -c \"import math_verify\"' shows why"
    if case .line(let line) = receive(within: startLimit), let document = try? JSONDocument(parsing: line) {
      if let name = document.root["grader"]?.string {
        grader = name
        return
      }
      problem = document.root["problem"]?.string ?? problem
    }
    end()
    throw GradingError(python, problem)
  }

  private struct Started {
    var pid: pid_t
    var input: Int32
    var inputEnd: Int32
    var output: Int32
  }

  /// One at a time: a worker that got hold of another's pipe would keep it open, and its end would not be noticed.
  private static let spawning = Mutex(())

  private static func start(_ python: String) throws -> Started {
    var files: [Int32] = []
    func fail(_ code: Int32) -> GradingError {
      for file in files { close(file) }
      return GradingError(python, String(cString: strerror(code)))
    }
    for _ in 0..<2 {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw fail(errno) }
      files += ends
    }
    for file in files { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
    var process: pid_t = 0
    let code = spawn(python, input: files[0], output: files[3], &process)
    guard code == 0 else { throw fail(code) }
    close(files[3])
    return Started(pid: process, input: files[1], inputEnd: files[0], output: files[2])
  }

  private static func spawn(_ python: String, input: Int32, output: Int32, _ pid: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own: Ctrl-C is for the program, which ends its workers itself.
    posix_spawnattr_setpgroup(&attributes, 0)
    // No signal blocked or ignored, as it may be here: that of the limit of processor time must end the worker.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let program = String(decoding: PackageResources.grader_py, as: UTF8.self)
    var arguments: [UnsafeMutablePointer<CChar>?] = []
    for argument in [python, "-u", "-c", program] { arguments.append(strdup(argument)) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    return ChildEnvironment.withPointers(ChildEnvironment.inherited()) { variables in
      posix_spawnp(&pid, python, &actions, &attributes, arguments, variables)
    }
  }

  /// Whether an executable file exists at a path.
  static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// Sends a pair. A worker that has died shows when its answer is waited for.
  func send(_ pair: GradePair, limit: Double) {
    var json = JSONWriter()
    json.object { json in
      json.key("gold")
      json.string(pair.gold)
      json.key("answer")
      json.string(pair.answer)
      json.key("limit")
      json.double(limit)
    }
    var bytes = json.bytes + [0x0A]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      if count > 0 { bytes.removeFirst(count) }
    }
  }

  /// Waits for a line.
  mutating func receive(within seconds: Double) -> Answer {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      if let end = received.firstIndex(of: 0x0A) {
        let line = Array(received[..<end])
        received.removeSubrange(...end)
        return .line(line)
      }
      let left = (deadline - .now).inSeconds
      guard left > 0 else { return .timeout }
      var look = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&look, 1, Int32(min(left * 1000 + 1, 1e6))) > 0 else { continue }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = bytes.withUnsafeMutableBytes { read(output, $0.baseAddress, $0.count) }
      if count == 0 || (count < 0 && errno != EINTR) { return .ended }
      if count > 0 { received += bytes[..<count] }
    }
  }

  /// Ends the process, whatever it is doing.
  func end() {
    kill(pid, SIGKILL)
    while waitpid(pid, nil, 0) < 0, errno == EINTR {}
    for file in [input, inputEnd, output] { close(file) }
  }
}
