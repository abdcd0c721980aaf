import Formatting
import Foundation
import JSON
import ReviewStore

/// Where a run stands.
public enum RunPhase: String, Sendable, Hashable, Codable, CaseIterable {
  /// Its files exist; it was never started on this machine.
  case written
  /// A cluster has it and has not begun.
  case queued
  /// It trains.
  case running
  /// It was asked to stop and has not ended yet.
  case stopping
  /// It finished, and the model exists.
  case finished
  /// It was stopped, and can be resumed.
  case stopped
  /// It ended with an error, and can be resumed from its last checkpoint.
  case failed
  /// Its process disappeared without reporting: killed, or the machine went down.
  case dead
  /// It runs where this machine cannot look.
  case elsewhere

  /// Whether something may still come.
  public var isOpen: Bool { [.queued, .running, .stopping, .elsewhere].contains(self) }
  /// Whether it can be started again.
  public var canResume: Bool { [.written, .stopped, .failed, .dead].contains(self) }
}

/// Where a run stands, with why.
public struct RunStatus: Sendable, Hashable, Codable {
  /// Where it stands.
  public var phase: RunPhase
  /// Why, as a sentence, where there is more to say.
  public var detail: String?
  /// Which attempt it is, from 1; 0 before the first.
  public var attempt: Int
  /// The process that leads it on this machine.
  public var pid: Int32?
  /// The trainer, where the process that led it is gone.
  public var orphan: ProcessIdentity?
}

extension RunStatus {
  /// What was looked at before the feed was read: a process that was gone by then has written all that it ever will.
  struct Liveness {
    var identity: ProcessIdentity?
    var isAlive = false

    init(_ folder: RunFolder) {
      identity = folder.identity
      isAlive = identity?.isAlive ?? false
    }
  }

  /// The state of a run.
  ///
  /// - Parameters:
  ///   - events: those of its feed, in order.
  ///   - seen: its process, looked at before the feed was read.
  init(_ folder: RunFolder, launcher: LauncherKind, events: [RunEvent], seen: Liveness) {
    let attempt = seen.identity?.attempt ?? events.map(\.attempt).max() ?? 0
    self.init(phase: .written, detail: nil, attempt: attempt, pid: seen.identity?.pid)
    let own = events.filter { $0.attempt == attempt }
    let asked = FileManager.default.fileExists(atPath: folder.stop)
    if let job = JobRecord.read(folder) {
      take(job, asked: asked)
      return
    }
    if let exit = own.last(where: { $0.kind == "exit" }) {
      take(exit, own)
      return
    }
    guard let identity = seen.identity else {
      if launcher.isManifest, !events.isEmpty { (phase, detail) = (.elsewhere, Self.lastHeard(folder)) }
      return
    }
    guard identity.isOnThisMachine else {
      (phase, detail) = (.elsewhere, "it was started on \(identity.host). " + (Self.lastHeard(folder) ?? ""))
      return
    }
    // Its leader may be gone while the trainer itself still runs.
    orphan = seen.isAlive ? nil : Self.trainer(own).flatMap { $0.isAlive ? $0 : nil }
    if seen.isAlive || orphan != nil {
      phase = asked ? .stopping : .running
      if orphan != nil { detail = "its leading process is gone; the trainer still runs" }
      return
    }
    if own.contains(where: { $0.kind == "model" }) {
      (phase, detail) = (.finished, "the process that led it was gone before the end")
      return
    }
    if asked {
      let wasOrphan = (try? String(contentsOfFile: folder.stop, encoding: .utf8))?.contains("orphan") ?? false
      phase = .stopped
      detail =
        wasOrphan
        ? "the process that led it was gone; the trainer itself was stopped"
        : "it was killed because it did not stop in time"
      return
    }
    phase = .dead
    let last = folder.logTail(1).first.map { " Last log line: \($0)" } ?? ""
    detail =
      "its process (\(identity.pid)) disappeared without reporting: killed, out of memory, or the machine went "
      + "down.\(last)"
  }

  private mutating func take(_ exit: RunEvent, _ own: [RunEvent]) {
    let root = (try? JSONDocument(parsing: Array(exit.body.utf8)))?.root
    let code = root?["code"]?.int ?? 0
    let signal = root?["signal"]?.int ?? 0
    let wasAsked = root?["stopped"]?.bool ?? false
    let message = own.last { $0.kind == "error" }
      .flatMap { (try? JSONDocument(parsing: Array($0.body.utf8)))?.root["message"]?.string }
    if code == 0, signal == 0 {
      let isDone = own.contains { $0.kind == "model" } || !wasAsked
      phase = isDone ? .finished : .stopped
    } else if wasAsked {
      phase = .stopped
    } else if signal > 0 {
      phase = .failed
      detail =
        signal == 9
        ? "the trainer was killed (signal 9): most often the system ran out of memory"
        : "the trainer was stopped "
          + "by signal \(signal)"
    } else {
      phase = .failed
      detail = message ?? "the trainer ended with code \(code); 'deepcritic runs logs' shows its last lines"
    }
  }

  private mutating func take(_ job: JobRecord, asked: Bool) {
    detail = job.message
    switch job.status {
    case "PENDING": phase = .queued
    case "RUNNING": phase = asked ? .stopping : .running
    case "STOPPED": phase = .stopped
    case "SUCCEEDED": phase = .finished
    case "FAILED": phase = .failed
    case JobRecord.unsubmitted:
      phase = job.message == nil ? .queued : .failed
      detail = job.message.map { "it could not be submitted: \($0)" } ?? "it is being submitted"
    default: phase = .elsewhere
    }
    attempt = job.attempt
  }

  /// The trainer, as the feed names it.
  private static func trainer(_ events: [RunEvent]) -> ProcessIdentity? {
    guard let body = events.last(where: { $0.kind == "process" })?.body,
      let root = try? JSONDocument(parsing: Array(body.utf8)).root,
      let pid = root["pid"]?.int.flatMap({ Int32(exactly: $0) }), let start = root["start"]?.string, !start.isEmpty
    else { return nil }
    return ProcessIdentity(pid: pid, start: start, attempt: events.last?.attempt ?? 0)
  }

  private static func lastHeard(_ folder: RunFolder) -> String? {
    let facts = try? FileManager.default.attributesOfItem(atPath: folder.feed)
    guard let changed = facts?[.modificationDate] as? Date else { return nil }
    let seconds = max(Date().timeIntervalSince(changed), 0)
    return "Its feed was last written \(Figures.roughDuration(seconds)) ago."
  }
}
