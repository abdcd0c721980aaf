import DeepCriticCore
import Foundation

/// A text that was begun and not saved.
struct Draft: Codable, Equatable {
  /// What it is written for: each of these has one draft at most.
  struct Place: Codable, Hashable {
    enum Kind: String, Codable {
      case comment, correction
      /// A changed version of a critique.
      case version
      /// A critique of the reviewer's own.
      case critique
    }

    /// The solution's key.
    var solution: String
    var step: Int
    var kind: Kind
    var stage: String?
  }

  var place: Place
  /// The solution's name.
  var name: String
  /// The critique that a version changes.
  var parent: String?
  var text: String
  /// When it was written down, in seconds since 1970.
  var at: Int

  /// "your version of the merged critique of step 4"
  var words: String {
    let step = place.step > 0 ? "step \(place.step)" : "the solution"
    switch place.kind {
    case .comment: return "your comment on \(step)"
    case .correction: return "your correction of \(step)"
    case .version: return "your version of the \(place.stage ?? "") critique of \(step)"
    case .critique: return "your \(place.stage ?? "") critique of \(step)"
    }
  }

  /// "214 characters, 1 Dec 10:42"
  var facts: String {
    let format = DateFormatter()
    format.dateFormat = "d MMM HH:mm"
    return Figures.count(text.count, "character") + ", " + format.string(from: Date(timeIntervalSince1970: Double(at)))
  }

  /// What it is a text of, and the words for which it is kept.
  init(_ place: Place, name: String, parent: String?, text: String) {
    self.place = place
    self.name = name
    self.parent = parent
    self.text = text
    at = Int(Date().timeIntervalSince1970)
  }
}

/// Drafts of a reviewer in a workspace: in memory, and each in a file of the user's own, so that a killed program loses none.
final class Drafts {
  /// A draft as it is in its file.
  private struct Stored: Codable {
    var workspace: String
    var reviewer: String
    /// Whose it is as long as it runs.
    var writer: ProcessIdentity
    var draft: Draft
  }

  private let folder: String?
  private let workspace: String
  private let reviewer: String
  private let writer = ProcessIdentity(pid: getpid(), attempt: 0)
  private var known: [Draft.Place: (draft: Draft, file: String)] = [:]

  /// - Parameter folder: where drafts are kept; `nil` for nowhere but in memory.
  init(folder: String?, workspace: String, reviewer: String) {
    self.folder = folder
    self.workspace = URL(fileURLWithPath: workspace).standardizedFileURL.path
    self.reviewer = reviewer
    read()
  }

  /// Takes over what sessions that are no more have left.
  private func read() {
    guard let folder, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
    for name in names where name.hasSuffix(".json") {
      let path = folder + "/" + name
      guard let data = FileManager.default.contents(atPath: path),
        let stored = try? JSONDecoder().decode(Stored.self, from: data), stored.workspace == workspace,
        stored.reviewer == reviewer, !stored.writer.isAlive
      else { continue }
      if let other = known[stored.draft.place], other.draft.at > stored.draft.at { continue }
      known[stored.draft.place] = (stored.draft, path)
    }
  }

  /// All of them, the latest first.
  var all: [Draft] { known.values.map(\.draft).sorted { $0.at > $1.at } }

  func draft(at place: Draft.Place) -> Draft? { known[place]?.draft }

  /// Writes a draft down.
  ///
  /// - Throws: what writing the file throws; it is kept in memory all the same.
  func keep(_ draft: Draft) throws {
    let name = UUID().uuidString + ".json"
    let file = known[draft.place]?.file ?? folder.map { $0 + "/" + name } ?? ""
    known[draft.place] = (draft, file)
    guard folder != nil else { return }
    let stored = Stored(workspace: workspace, reviewer: reviewer, writer: writer, draft: draft)
    try StateFile.writePrivately(JSONEncoder().encode(stored), to: file)
  }

  /// It was saved, or is not wanted.
  func discard(_ place: Draft.Place) {
    guard let file = known.removeValue(forKey: place)?.file else { return }
    try? FileManager.default.removeItem(atPath: file)
  }
}
