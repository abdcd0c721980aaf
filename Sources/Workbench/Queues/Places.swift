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

  /// Sets a bookmark, or takes it away.
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

  /// A file beside the one that remembers the layout.
  static func beside(_ path: String?, _ name: String) -> String? {
    path.map { ($0 as NSString).deletingLastPathComponent + "/" + name }
  }
}

extension WorkbenchModel {
  /// The step under review.
  private var currentPlace: Bookmark? {
    review.map { Bookmark(solution: $0.stored.key, step: $0.step, name: $0.stored.name) }
  }

  /// Remembers where somebody leaves a solution.
  func notePlace() { if let place = currentPlace { places.visit(place) } }

  /// Sets or takes away a bookmark on the step.
  func toggleBookmark() {
    guard let place = currentPlace else { return }
    let isSet = places.toggle(place)
    say(
      .info,
      isSet
        ? "Step \(place.step) of \(place.name) is bookmarked; \(keys(.placesShow)) lists bookmarks and where you were."
        : "The bookmark is taken away.")
  }

  /// Opens the window with bookmarks and the places of the session, the latest first.
  func showPlaces() {
    notePlace()
    let here = currentPlace?.solution
    let items =
      places.bookmarks.map { ChooserModel.Item(name: $0.name, about: "bookmark, step \($0.step)", place: $0) }
      + places.visited.reversed().filter { $0.solution != here }
      .map { ChooserModel.Item(name: $0.name, about: "step \($0.step)", place: $0) }
    if items.isEmpty {
      say(.info, "No bookmark yet, and no other solution was open; \(keys(.bookmarkToggle)) sets a bookmark on a step.")
      return
    }
    overlay = .chooser(ChooserModel(.places, title: "Bookmarks and places", items: items))
  }

  /// Goes to a bookmark or place.
  func go(to place: Bookmark) throws {
    guard let id = try session.workspace.solutionID(key: place.solution) else {
      say(.warning, "\(place.name) is not in this workspace any more.")
      return
    }
    if review?.stored.id != id { try open(id) }
    review?.goTo(step: place.step)
  }

  // MARK: - The first time

  /// Shows the guide to who has not seen it.
  public func welcome() {
    guard let path = StateFile.beside(session.statePath, "guide-seen"), !FileManager.default.fileExists(atPath: path)
    else { return }
    overlay = .guide
    StateFile.write(Data("1\n".utf8), to: path)
  }

  /// What a newcomer needs, in lines of words and keys.
  var guideLines: [(key: String, words: String)] {
    [
      ("", "You review solutions step by step, and what models wrote about them."),
      ("", ""),
      (keys(.queueOpen), "opens the selected solution; \(keys(.back)) goes back to the list"),
      (
        "\(keys(.verdictCorrect)) \(keys(.verdictIncorrect)) \(keys(.verdictNeutral))",
        "say: this step is right, wrong, neutral"
      ),
      ("\(keys(.verdictAccept)) \(keys(.verdictFix))", "take the merged critique's verdict, or its opposite"),
      (keys(.undo), "takes the latest decision back; everything is saved at once"),
      ("\(keys(.stepNext)) \(keys(.solutionNextTodo))", "next step, next solution that you have not finished"),
      ("\(keys(.paneInitial)) \(keys(.paneDeep)) \(keys(.paneMerged))", "show a critique: initial, deep, merged"),
      (keys(.modeToggle), "blind: give your verdict first, then see labels and critiques"),
      (keys(.queueFilter), "in the list: filter; in a solution: find words"),
      ("", ""),
      (keys(.palette), "finds every command by its name, \(keys(.help)) shows every key"),
      (keys(.guideShow), "shows this again"),
    ]
  }
}
