import DeepCriticCore
import Foundation

/// Where a talk is, for the speaker's notes in another terminal.
public struct TalkState: Codable, Hashable, Sendable {
  /// An item as the notes show it.
  public struct Item: Codable, Hashable, Sendable {
    var title: String
    var notes: String
    var minutes: Double?
    /// Seconds before the current visit.
    var spent: Double
  }

  /// The process that gives the talk.
  var process: Int32
  var path: String
  var title: String
  var items: [Item]
  /// The item that is on.
  var index: Int
  var began: Date
  var itemBegan: Date
  /// What the item is at.
  var scene: String
  var votes: AudienceVotes
  var isBlack: Bool
  /// When this was written.
  var beat: Date

  var item: Item { items[index] }
  var next: Item? { items.indices.contains(index + 1) ? items[index + 1] : nil }
  var minutes: Double? {
    items.contains { $0.minutes != nil } ? items.compactMap(\.minutes).reduce(0, +) : nil
  }

  /// Seconds since the talk began.
  func elapsed(_ now: Date) -> Double { max(now.timeIntervalSince(began), 0) }
  /// Seconds that the item that is on has taken.
  func itemElapsed(_ now: Date) -> Double { item.spent + max(now.timeIntervalSince(itemBegan), 0) }

  /// "3 min", "1.5 min".
  static func planned(_ minutes: Double) -> String {
    (minutes == minutes.rounded() ? String(Int(minutes)) : Figures.decimal(minutes, 1)) + " min"
  }

  /// Nothing that came from outside is out of bounds.
  var isPossible: Bool {
    items.indices.contains(index) && items.count < 1000
      && items.allSatisfy { $0.spent.isFinite && $0.minutes?.isFinite ?? true } && votes.isPossible
  }
}

/// The file through which the notes follow a talk: written whole, then renamed, so that nobody reads half of it. It goes when
/// the talk ends; what a killed program left is recognised by its process and its age.
final class TalkFeed {
  /// Seconds after which what nothing else has changed is written again, as a sign of life.
  private static let rhythm = 2.0
  /// Seconds without a sign of life after which a talk has ended.
  static let patience = 10.0

  private let path: String
  private var last: TalkState?
  private var hasFailed = false

  init(folder: String) {
    path = "\(folder)/\(getpid()).json"
    // What others have left, and nobody reads any more.
    for (file, state) in Self.states(in: folder) where !Self.isRunning(state, Date()) {
      try? FileManager.default.removeItem(atPath: file)
    }
  }

  /// The folder of all talks of a user; `nil` where the environment names no home.
  static func folder(environment: [String: String]) -> String? {
    SettingsFile.stateFolder(environment: environment).map { $0 + "/stage" }
  }

  /// Writes a state that says something new.
  ///
  /// - Returns: why the notes cannot follow, once.
  func publish(_ state: TalkState) -> String? {
    if let last {
      var same = last
      same.beat = state.beat
      if same == state, state.beat.timeIntervalSince(last.beat) < Self.rhythm { return nil }
    }
    last = state
    do {
      try StateFile.writePrivately(JSONEncoder.sorted.encode(state), to: path)
      hasFailed = false
    } catch {
      defer { hasFailed = true }
      return hasFailed ? nil : "The notes cannot follow: \(error.localizedDescription) (\(path))."
    }
    return nil
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// The talks whose files are in a folder.
  static func states(in folder: String) -> [(file: String, state: TalkState)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.compactMap { name in
      let file = folder + "/" + name
      guard let data = PlainFile.data(file), let state = try? JSONDecoder().decode(TalkState.self, from: data),
        state.isPossible
      else { return nil }
      return (file, state)
    }
  }

  static func isRunning(_ state: TalkState, _ now: Date) -> Bool {
    let isAlive = kill(state.process, 0) == 0 || errno == EPERM
    return isAlive && abs(now.timeIntervalSince(state.beat)) < patience
  }
}

/// What the notes know about the talk.
public enum TalkNews: Hashable, Sendable {
  /// The talk is running.
  case running(TalkState)
  /// There is none, or it ended without saying so: then what it was at.
  case absent(last: TalkState?)

  /// Looks for a talk.
  ///
  /// - Parameters:
  ///   - folder: where talks leave their state.
  ///   - talk: the file of the one that is wanted; `nil` for the latest.
  static func look(in folder: String, talk: String?, now: Date = Date()) -> TalkNews {
    let wanted = talk.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    let states = TalkFeed.states(in: folder).map(\.state).filter { wanted == nil || $0.path == wanted }
    // The one that began last: another that still runs does not take its place whenever it writes.
    let running = states.filter { TalkFeed.isRunning($0, now) }
    if let state = running.max(by: { $0.began < $1.began }) { return .running(state) }
    return .absent(last: states.max { $0.beat < $1.beat })
  }
}
