import DeepCriticCore
import Foundation
import Terminal

/// One solution under review: the problem, its steps with the verdict matrix, the step in full, and the critiques.
final class ReviewScreen: Screen {
  static let id = ScreenID.review
  static let heading = "In a review"

  let context: ScreenContext
  let queue: SolutionQueue
  let trainingSet: TrainingSetService
  let places: PlacesModel
  let aids = ReadingAids()
  /// The solution under review; there is one whenever the screen is open.
  private(set) var review: ReviewModel?
  /// Others who have it open.
  private(set) var others: [String] = []
  var layoutChoice: LayoutChoice
  let drafts: Drafts
  /// The line above the critiques is being dragged.
  private var isDraggingSplit = false
  private var reservedAt = ContinuousClock.now
  /// Why the queue's order puts the solution where it is.
  private(set) var whyHere: String?
  /// What models thought before they wrote the critiques in view, by row.
  private(set) var thoughts: [Int64: String] = [:]
  private var thoughtsOf: Set<Int64> = []
  /// What verdicts would change, for one line.
  private(set) var consequences: ConsequenceLine?
  /// A change of a verdict behind its reveal that was asked about.
  var askedChange: VerdictChange?

  init(_ services: Services) {
    context = services.context
    queue = services.queue
    trainingSet = services.trainingSet
    places = services.places
    drafts = services.drafts
    layoutChoice = LayoutChoice(path: services.context.session.statePath)
  }

  /// A further review that looks as another one does.
  convenience init(_ services: Services, after other: ReviewScreen) {
    self.init(services)
    review = other.review
    layoutChoice = other.layoutChoice
  }

  /// Takes a solution for review.
  ///
  /// - Returns: `false` where others have it already, as many as the queue wants; that is said.
  func load(_ id: Int64) throws -> Bool {
    let stored = try workspace.solution(id)
    guard try workspace.reserve(stored.key, for: session.holder, overlap: queue.saved?.overlap) else {
      let wanted = queue.saved?.overlap ?? 1
      say(
        .info,
        "\(stored.name) is with \(wanted == 1 ? "another reviewer" : "\(wanted) others") already, as many as the queue "
          + "wants. \(keys(.solutionNextTodo)) opens the next one.")
      return false
    }
    notePlace()
    let next = ReviewModel(
      stored, position: queue.index(of: id), session: session)
    if let review {
      if stored.critiques[review.tab] != nil || !next.isAnyRevealed(mode: session.mode) { next.tab = review.tab }
      // A critique keeps the focus; words that were found in a problem do not.
      if review.focus.stage != nil { next.focus = review.focus }
      next.isZoomed = review.isZoomed
      next.comparison = review.comparison
      next.search = review.search
    }
    if next.search.isEmpty { next.search = queue.filter.searched }
    review = next
    reservedAt = .now
    others = try workspace.otherReviewers(of: stored.key, besides: session.holder)
    if session.mode == .audit {
      session.showedLabels(of: stored.key)
    } else if session.hasShownLabels(of: stored.key) {
      say(.info, "You have seen this solution's labels: your verdicts are recorded as audit.")
    }
    if let position = next.position { queue.list.select(position) }
    session.itemShown()
    trainingSet.load()
    return true
  }

  func appear() {
    // Coming back from another screen, the time there is not the step's.
    session.itemShown()
    if let review { _ = try? workspace.reserve(review.stored.key, for: session.holder, overlap: nil) }
  }

  func disappear() {
    notePlace()
    // Covered by another screen it stays reserved.
    guard navigator?.stack.contains(where: { $0 === self }) != true else { return }
    try? workspace.release(session.holder)
    if let review, let index = queue.index(of: review.stored.id) { queue.list.select(index) }
  }

  /// Keeps the solution reserved, and looks who else has it open.
  func refresh() -> Bool {
    guard let review, navigator?.top === self, ContinuousClock.now - reservedAt > .seconds(60) else { return false }
    reservedAt = .now
    _ = try? workspace.reserve(review.stored.key, for: session.holder, overlap: nil)
    let before = others
    others = (try? workspace.otherReviewers(of: review.stored.key, besides: session.holder)) ?? []
    return others != before
  }

  // New critiques may have come too.
  func workspaceChanged() throws { try reread(keepingSamples: true) }

  func decided(about id: Int64, _ outcome: DecisionOutcome) throws {
    if let review, review.stored.id == id, navigator?.top !== self { try reread() }
  }

  func willPerform(_ id: ActionID?) { if id != askedChange?.action { askedChange = nil } }

  func modeChanged() {
    guard let review else { return }
    review.answerShown = session.mode == .audit
    if session.mode == .audit { session.showedLabels(of: review.stored.key) }
  }

  func show(solution id: Int64, key: String, step: Int) throws -> Bool {
    if review?.stored.id == id { try reread() } else { guard try load(id) else { return false } }
    if step > 0 { review?.goTo(step: step) }
    return true
  }

  func goBack() -> Bool {
    guard review?.isZoomed == true else { return false }
    review?.isZoomed = false
    return true
  }

  /// Reads the solution again, and shows the critiques that are used now.
  func reread(keepingSamples: Bool = false) throws {
    guard let review else { return }
    review.stored = try workspace.solution(review.stored.id)
    if !keepingSamples { review.samples = [:] }
  }

  // MARK: - Drawing

  func layOut(_ size: Size) throws {
    try loadThoughts()
    whyHere = review.flatMap(reasonForPlace)
    keepStepInView()
    consequences = review.flatMap(consequenceLine)
  }

  private func loadThoughts() throws {
    let ids = Set(review.map { review in Stage.allCases.compactMap { review.critique($0)?.critique.id } } ?? [])
    guard ids != thoughtsOf else { return }
    thoughts = try workspace.reasoning(of: ids)
    thoughtsOf = ids
  }

  func draw(_ canvas: inout Canvas) { ReviewView.draw(&canvas, self) }

  var position: String? {
    review?.position.map { "\($0 + 1)/\(queue.ids.count)" }
  }

  /// Where there is no merged critique, or none may be seen, there is nothing to accept.
  func showsHint(_ id: ActionID) -> Bool {
    guard id == .verdictAccept || id == .verdictFix, let review else { return true }
    return review.stored.critiques[.merged] != nil && review.showsCritiques(mode: session.mode)
  }

  func hintTitle(_ id: ActionID) -> String? {
    guard id == .verdictAccept || id == .verdictFix, let judgement = review?.mergedJudgement,
      command(id)?.disabledReason() == nil
    else { return nil }
    return id == .verdictAccept
      ? "accept \(VerdictLook.glyph(judgement.rating, glyphs))"
      : "fix \(VerdictLook.glyph(judgement.opposite.rating, glyphs))"
  }

  /// Why the solution is where it is in the queue, where the order says so and it may be shown.
  private func reasonForPlace(_ review: ReviewModel) -> String? {
    guard review.isOpen(mode: session.mode) else { return nil }
    if let why = queue.why(review.stored.id) { return why }
    guard queue.sort == .disagreement, let position = review.position,
      let row = try? queue.rows(position..<(position + 1)).first
    else { return nil }
    return QueueView.reason(row).0
  }

  // MARK: - Bookmarks

  /// The step under review.
  var currentPlace: Bookmark? {
    review.map { Bookmark(solution: $0.stored.key, step: $0.step, name: $0.stored.name) }
  }

  /// Remembers where somebody leaves a solution.
  func notePlace() { if let place = currentPlace { places.visit(place) } }

  /// Sets or removes a bookmark on the step.
  func toggleBookmark() {
    guard let place = currentPlace else { return }
    let isSet = places.toggle(place)
    say(
      .info,
      isSet
        ? "Step \(place.step) of \(place.name) is bookmarked; \(keys(.placesShow)) lists bookmarks and where you were."
        : "Bookmark removed.")
  }

  // MARK: - The mouse

  func point(_ pointer: PointerEvent) -> Bool {
    guard let review else { return false }
    guard let layout = ReviewView.layout(self) else { return false }
    switch pointer.kind {
    case .wheelUp, .wheelDown:
      // What lies under the pointer scrolls, whatever has the focus.
      let lines = pointer.kind == .wheelUp ? -3 : 3
      if let pane = pane(at: pointer, layout), pane != .steps {
        scroll(pane, by: lines)
      } else {
        navigator?.perform(lines < 0 ? .stepPrevious : .stepNext)
      }
    case .press:
      if pointer.y == layout.rule {
        isDraggingSplit = true
        return true
      }
      guard let pane = pane(at: pointer, layout) else { return true }
      if pane == .steps, let step = step(at: pointer.y, layout) { goTo(step: step) }
      review.focus = pane
      if let stage = pane.stage { review.tab = stage }
    case .drag:
      guard isDraggingSplit, let rule = layout.rule, pointer.y != rule else { return true }
      layoutChoice.split = min(max(layoutChoice.split + pointer.y - rule, -40), 40)
      rememberLayout()
    case .release: isDraggingSplit = false
    }
    return true
  }

  private func step(at y: Int, _ layout: ReviewLayout) -> Int? {
    guard let review else { return nil }
    guard let page = layout.page else { return StepList.step(at: y, self, review, in: layout.steps) }
    return page.step(at: layout.pageTop(review) + y - layout.steps.y)
  }

  private func pane(at pointer: PointerEvent, _ layout: ReviewLayout) -> Pane? {
    func holds(_ rect: Rect) -> Bool {
      pointer.x >= rect.x && pointer.x < rect.maxX && pointer.y >= rect.y && pointer.y < rect.maxY
    }
    if holds(layout.problem) { return .problem }
    if holds(layout.steps) { return .steps }
    if holds(layout.step) { return .step }
    guard let review, let pane = layout.critiques.first(where: { holds($0.rect) }) else { return nil }
    return Pane(pane.stages.contains(review.tab) ? review.tab : pane.stages.last ?? .merged)
  }

  /// Writes down how the screen is divided. A folder that cannot be written to only means that it is forgotten.
  func rememberLayout() {
    guard let path = session.statePath else { return }
    StateFile.write(try? JSONEncoder().encode(layoutChoice), to: path)
  }
}
