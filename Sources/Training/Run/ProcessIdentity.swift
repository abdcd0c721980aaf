import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which process something is: its number with what tells it from a later process of the same number.
public struct ProcessIdentity: Sendable, Hashable, Codable {
  /// The process number.
  public var pid: Int32
  /// When it started, as the system counts; empty where that is not told.
  public var start: String
  /// The boot of the machine that it belongs to; empty where that is not told.
  public var boot: String
  /// The machine's name.
  public var host: String
  /// Which attempt of the run it is.
  public var attempt: Int

  /// The identity of a process that runs now on this machine.
  public init(pid: Int32, attempt: Int) {
    self.pid = pid
    self.attempt = attempt
    start = Self.facts(of: pid)?.start ?? ""
    boot = Self.boot
    host = Self.host
  }

  /// An identity from its parts, of this machine and boot.
  public init(pid: Int32, start: String, attempt: Int) {
    self.pid = pid
    self.start = start
    self.attempt = attempt
    boot = Self.boot
    host = Self.host
  }

  /// Whether the process belongs to this machine.
  public var isOnThisMachine: Bool { host == Self.host }

  /// Whether the very same process runs still. One that has ended and was not waited for does not run.
  public var isAlive: Bool {
    guard pid > 1, isOnThisMachine, boot == Self.boot else { return false }
    // A child of this program stays in the list of processes until it is waited for.
    _ = waitpid(pid, nil, WNOHANG)
    #if os(Linux)
      guard let facts = Self.facts(of: pid) else { return false }
      return facts.state != "Z" && facts.state != "X" && !start.isEmpty && facts.start == start
    #else
      return kill(pid, 0) == 0 || errno == EPERM
    #endif
  }

  static let host: String = ProcessInfo.processInfo.hostName

  private static let boot: String = {
    let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
  }()

  /// State and start of a process, from `/proc`.
  private static func facts(of pid: Int32) -> (state: String, start: String)? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      // The name in parentheses may hold anything.
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19 else { return nil }
    return (String(fields[0]), String(fields[19]))
  }
}
