import DeepCriticCore
import Foundation
import Terminal

/// A step of a solution to come back to.
struct Bookmark: Codable, Hashable {
  var solution: String
  var step: Int
  var name: String
}

/// Bookmarks, kept in a file of the person's, and the places of this session in the order in which they were visited.
final class PlacesModel {
  private(set) var bookmarks: [Bookmark] = []
  private(set) var visited: [Bookmark] = []
  private let path: String?
  private let workspace: String

  init(path: String?, workspace: String) {
    self.path = path
    self.workspace = URL(fileURLWithPath: workspace).standardizedFileURL.path
    bookmarks = Self.read(path)[self.workspace] ?? []
  }

  private static func read(_ path: String?) -> [String: [Bookmark]] {
    path.flatMap { FileManager.default.contents(atPath: $0) }
      .flatMap { try? JSONDecoder().decode([String: [Bookmark]].self, from: $0) } ?? [:]
  }

  /// Sets a bookmark, or removes it.
  ///
  /// - Returns: whether it is set now.
  func toggle(_ place: Bookmark) -> Bool {
    let before = bookmarks.count
    bookmarks.removeAll { $0.solution == place.solution && $0.step == place.step }
    if bookmarks.count == before { bookmarks.append(place) }
    if let path {
      var all = Self.read(path)
      all[workspace] = bookmarks.isEmpty ? nil : bookmarks
      StateFile.write(try? JSONEncoder().encode(all), to: path)
    }
    return bookmarks.count > before
  }

  /// Remembers where somebody was; the latest last, a hundred at most, no place twice.
  func visit(_ place: Bookmark) {
    visited.removeAll { $0.solution == place.solution }
    visited.append(place)
    if visited.count > 100 { visited.removeFirst() }
  }
}

/// Files that remember how a person left things. Nothing depends on them.
enum StateFile {
  static func write(_ data: Data?, to path: String) {
    guard let data else { return }
    try? FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Writes a file that nobody else may read, in a folder that nobody else may look into.
  static func writePrivately(_ data: Data, to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let temporary = path + ".new"
    guard FileManager.default.createFile(atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600]),
      rename(temporary, path) == 0
    else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: String(cString: strerror(errno))])
    }
  }

  /// A file beside the one that remembers the layout.
  static func beside(_ path: String?, _ name: String) -> String? {
    path.map { ($0 as NSString).deletingLastPathComponent + "/" + name }
  }
}

extension Navigator {
  /// Opens the window with bookmarks and the places of the session, the latest first.
  func showPlaces() throws {
    let review = try screen(ReviewScreen.self)
    review.notePlace()
    let here = top === review ? review.currentPlace?.solution : nil
    let visited = services.places.visited.reversed().filter { $0.solution != here }
    let places = services.places.bookmarks + visited
    if places.isEmpty {
      return say(
        .info, "No bookmark yet, and no other solution was open; \(keys(.bookmarkToggle)) sets a bookmark on a step.")
    }
    let items =
      services.places.bookmarks.map { ChooserOverlay.Item(name: $0.name, about: "bookmark, step \($0.step)") }
      + visited.map { ChooserOverlay.Item(name: $0.name, about: "step \($0.step)") }
    overlay = ChooserOverlay(context, title: "Bookmarks and places", items: items) { [unowned self] index in
      try go(to: places[index])
    }
  }

  private func go(to place: Bookmark) throws {
    guard let id = try workspace.solutionID(key: place.solution) else {
      return say(.warning, "\(place.name) is not in this workspace any more.")
    }
    try review(id, step: place.step)
  }

  /// Shows the guide to who has not seen it.
  public func welcome() {
    guard let path = StateFile.beside(session.statePath, "guide-seen"), !FileManager.default.fileExists(atPath: path)
    else { return }
    overlay = GuideOverlay(context)
    StateFile.write(Data("1\n".utf8), to: path)
  }
}
