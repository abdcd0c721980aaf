import Foundation
import Secrets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A run as a process of this machine that outlives whoever started it.
struct LocalLauncher: Launcher {
  let environments: EngineEnvironments

  func check(_ spec: RunSpecification) async -> LaunchCheck {
    let engine = spec.engine.environment
    let finding = await environments.look(engine)
    var check = LaunchCheck(python: finding.python, isLocal: true)
    if let problem = finding.problem {
      check.problems.append(RunSettingError("engine", "is \(engine.rawValue): \(problem)"))
    }
    if let warning = finding.warning { check.warnings.append("\(engine.rawValue): \(warning)") }
    if spec.nodes > 1 {
      check.problems.append(RunSettingError("nodes", "is \(spec.nodes): a local process is one machine"))
    }
    return check
  }

  func submit(_ folder: RunFolder, _ spec: RunSpecification) async throws {
    try environments.checkTrust(spec.engine.environment)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let last = names.compactMap { $0.number(after: ".attempt-") }.max() ?? 0
    try LocalProcess.start(
      folder, python: environments.python(spec.engine.environment), attempt: last + 1,
      secrets: Set(spec.secretNames))
  }

  func stop(_ run: TrainingRun, now: Bool) async throws {
    guard let identity = run.folder.identity else {
      throw LaunchError("\(run.name) does not run: it is \(run.status.phase.rawValue)")
    }
    guard identity.isOnThisMachine else { throw LaunchError("\(run.name) runs on \(identity.host); stop it there") }
    if let orphan = run.status.orphan { return try LocalProcess.stop(orphan, of: run.folder, now: now) }
    try LocalProcess.askToStop(run.folder, identity)
    guard now else { return }
    LocalProcess.end(identity)
    let deadline = ContinuousClock.now + .seconds(5)
    while identity.isAlive, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    LocalProcess.endLeader(identity)
  }
}

/// The process that leads a run, and those below it.
///
/// Started with `posix_spawn`: swift-subprocess waits for what it starts and ends it with the task that did, and this
/// process keeps running when the program has ended.
enum LocalProcess {
  /// Starts an attempt of a run.
  ///
  /// - Parameter secrets: names of the variables with keys that it gets.
  static func start(_ folder: RunFolder, python: String, attempt: Int, secrets: Set<String> = []) throws {
    // Whoever makes this file starts the attempt; anybody else comes too late.
    let claim = folder.path + "/.attempt-\(attempt)"
    let claimed = open(claim, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard claimed >= 0 else {
      throw LaunchError(
        errno == EEXIST
          ? "\(folder.name) is being started by another program; 'deepcritic runs show \(folder.name)' shows its state"
          : "\(folder.path) cannot be written to: \(String(cString: strerror(errno)))")
    }
    close(claimed)
    try? FileManager.default.removeItem(atPath: folder.stop)
    let command = [python, folder.path + "/scripts/attend.py", folder.path, String(attempt)]
    var pid: pid_t = 0
    let code = spawn(command, log: folder.log, secrets, &pid)
    guard code == 0 else {
      unlink(claim)
      throw LaunchError("'\(python)' cannot be started: \(String(cString: strerror(code)))")
    }
    try folder.remember(ProcessIdentity(pid: pid, attempt: attempt))
  }

  private static func spawn(
    _ command: [String], log: String, _ secrets: Set<String>, _ pid: inout pid_t
  ) -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // No signal blocked or ignored, as it may be here.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // A session of its own: neither Ctrl-C nor a closed terminal ends it.
    let session: Int32 = 0x80
    posix_spawnattr_setflags(&attributes, Int16(session | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    return ChildEnvironment.withPointers(ChildEnvironment.inherited(needed: secrets)) { variables in
      posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, variables)
    }
  }

  /// Asks the process that leads a run to stop after the step under way, with a checkpoint.
  static func askToStop(_ folder: RunFolder, _ identity: ProcessIdentity) throws {
    try Data("\(identity.attempt)\n".utf8).write(to: URL(fileURLWithPath: folder.stop))
    guard identity.isAlive else { return }
    if kill(identity.pid, SIGTERM) != 0, errno != ESRCH {
      throw LaunchError("\(folder.name) cannot be stopped: \(String(cString: strerror(errno)))")
    }
  }

  /// Stops a trainer whose leader is gone: with a checkpoint after the step under way, or at once.
  static func stop(_ orphan: ProcessIdentity, of folder: RunFolder, now: Bool) throws {
    try Data("\(orphan.attempt) orphan\n".utf8).write(to: URL(fileURLWithPath: folder.stop))
    guard orphan.isAlive else { return }
    if now { end(orphan) }
    if kill(orphan.pid, now ? SIGKILL : SIGTERM) != 0, errno != ESRCH {
      throw LaunchError("\(folder.name) cannot be stopped: \(String(cString: strerror(errno)))")
    }
  }

  /// Ends everything that belongs to a run, at once.
  static func end(_ identity: ProcessIdentity) {
    guard identity.isAlive else { return }
    // Workers may lead groups of their own. The trainer first: its leader then records how it ended.
    for pid in descendants(of: identity.pid).reversed() { kill(pid, SIGKILL) }
  }

  /// Ends the one that leads too.
  static func endLeader(_ identity: ProcessIdentity) {
    if identity.isAlive { kill(-identity.pid, SIGKILL) }
  }

  /// The processes below one, parents first.
  static func descendants(of root: pid_t) -> [pid_t] {
    var children: [pid_t: [pid_t]] = [:]
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    for pid in names.compactMap({ pid_t($0) }) {
      guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { continue }
      let fields = text[text.index(after: end)...].split(separator: " ")
      if fields.count > 1, let parent = pid_t(fields[1]) { children[parent, default: []].append(pid) }
    }
    var found: [pid_t] = []
    var open = children[root] ?? []
    while let pid = open.popLast() {
      found.append(pid)
      open += children[pid] ?? []
    }
    return found
  }
}
