import DeepCriticCore
import Foundation
import Terminal

/// The adjudication screen: steps on which reviewers disagree, and what settles them.
public final class AdjudicationModel {
  private let session: Session
  private let reading: BackgroundReading<Found>
  /// The screen is open.
  var isOpen = false
  var list = ListState()
  /// Open ones first, then settled ones. What is settled here stays where it is, so that nothing moves under the cursor.
  private(set) var conflicts: [Conflict] = []
  /// How many the reviewer may not see yet: blind, and not finished with their solutions.
  private(set) var hidden = 0
  /// Why nothing could be read.
  private(set) var problem: String?
  /// It is known which conflicts there are.
  private(set) var isKnown = false
  /// A reason written for the next decision on a conflict.
  private var notes: [ConflictPlace: String] = [:]
  private var all: [Conflict] = []
  private var settings = CurationSettings()
  /// Keys of the solutions that the reviewer has finished: of others a blind one sees nothing.
  private var finished: Set<String> = []
  private var shown: StoredSolution?

  private struct Found: Sendable {
    var conflicts: [Conflict] = []
    var finished: Set<String> = []
    var settings: CurationSettings
  }

  private struct ConflictPlace: Hashable {
    var key: String
    var step: Int
    init(_ conflict: Conflict) {
      key = conflict.key
      step = conflict.step
    }
  }

  init(_ session: Session) {
    self.session = session
    let path = session.workspace.path
    let reviewer = session.reviewer
    reading = BackgroundReading {
      let workspace = try Workspace(at: path)
      var found = Found(settings: try CurationSettings(path: workspace.settingsPath))
      for solution in try workspace.contestedSolutions() where solution.id != nil {
        found.conflicts += Conflict.all(in: solution, settings: found.settings)
        if solution.state(of: reviewer).isDone { found.finished.insert(solution.key) }
      }
      return found
    }
  }

  var isLoading: Bool { reading.isWorking }
  /// Something was worked out that the screen does not show yet.
  var hasNews: Bool { reading.hasOutcome }

  func load() { reading.start() }

  /// The conflict under the cursor.
  var selected: Conflict? { list.selected.flatMap { conflicts.indices.contains($0) ? conflicts[$0] : nil } }

  /// How many are not settled.
  var openCount: Int { conflicts.count { $0.settled == nil } }

  /// The place of the next conflict that nobody has settled, after the cursor and then from the top.
  var nextOpen: Int? {
    let start = (list.selected ?? -1) + 1
    let places = Array(conflicts.indices.dropFirst(start)) + Array(conflicts.indices.prefix(start))
    return places.first { conflicts[$0].settled == nil && $0 != list.selected }
  }

  /// The reason written for the selected conflict.
  var note: String {
    get { selected.flatMap { notes[ConflictPlace($0)] } ?? "" }
    set {
      guard let selected else { return }
      notes[ConflictPlace(selected)] = newValue.isEmpty ? nil : newValue
    }
  }

  /// The solution of the selected conflict, read once.
  func solution() throws -> StoredSolution? {
    guard let id = selected?.solution else { return nil }
    if let shown, shown.id == id { return shown }
    shown = try session.workspace.solution(id)
    return shown
  }

  /// Takes over what was read in the background.
  ///
  /// - Returns: whether the screen may have to change.
  func refresh() -> Bool {
    guard let outcome = reading.take() else { return false }
    switch outcome {
    case .success(let found):
      settings = found.settings
      problem = nil
      isKnown = true
      all = found.conflicts
      finished = found.finished
      arrange(anew: true)
    case .failure(let error): problem = "\(error)"
    }
    return isOpen
  }

  /// Another process has changed something.
  func workspaceChanged() {
    shown = nil
    if isOpen { load() }
  }

  /// The mode was changed: what may be seen is another question now.
  func modeChanged() { arrange(anew: true) }

  /// A decision about a solution was made, undone or redone here.
  func decided(about key: String) throws {
    shown = nil
    guard isKnown else { return }
    let solution = try session.workspace.reviewedSolution(key: key)
    let found = Conflict.all(in: solution, settings: settings)
    if solution.state(of: session.reviewer).isDone { finished.insert(key) } else { finished.remove(key) }
    let place = all.firstIndex { $0.key == key } ?? all.count
    all.removeAll { $0.key == key }
    all.insert(contentsOf: found, at: min(place, all.count))
    arrange(anew: false)
  }

  /// Makes the list of what may be seen.
  ///
  /// - Parameter anew: open ones go to the top; else those that are listed keep their places.
  private func arrange(anew: Bool) {
    let current = selected.map(ConflictPlace.init)
    let visible = all.filter { session.mode == .audit || finished.contains($0.key) }
    hidden = all.count - visible.count
    if anew {
      conflicts = visible.filter { $0.settled == nil } + visible.filter { $0.settled != nil }
    } else {
      var left = Dictionary(visible.map { (ConflictPlace($0), $0) }, uniquingKeysWith: { one, _ in one })
      conflicts = conflicts.compactMap { left.removeValue(forKey: ConflictPlace($0)) }
      conflicts += visible.filter { left[ConflictPlace($0)] != nil }
    }
    list.setCount(conflicts.count)
    if let current, let place = conflicts.firstIndex(where: { ConflictPlace($0) == current }) {
      list.select(place)
    } else if anew {
      list.select(0)
    }
  }

  /// Goes to the conflict on a step, if it is listed.
  func select(key: String, step: Int) {
    if let place = conflicts.firstIndex(where: { $0.key == key && $0.step == step }) { list.select(place) }
  }

  /// Waits until it is known: for plain text, which is not drawn again later, and for tests.
  func waitUntilKnown() {
    while isLoading { Thread.sleep(forTimeInterval: 0.01) }
    _ = refresh()
  }
}
