import DeepCriticCore
import Foundation
import Terminal

/// The stack of screens, and at most one overlay over them. It performs what applies everywhere.
///
/// It knows nothing about drawing to a terminal, so that the full screen, `--linear`, recordings and tests drive the very
/// same thing.
///
/// The stack is never empty. Going back leaves a level inside of the screen, then the screen, then the list that a screen
/// has made of the queue, then the program: nothing can be in the way of that.
public final class Navigator: CommandTarget {
  let context: ScreenContext
  let services: Services
  /// Screens from the first to the one that is seen; each at most once, but for a review below another.
  private(set) var stack: [any Screen] = []
  /// Every screen that was opened in this session, with its state.
  private var screens: [ScreenID: any Screen] = [:]
  /// What lies over the screen.
  var overlay: (any Overlay)? {
    didSet { overlay?.layOut(size) }
  }
  /// Screens that have made a list of the queue, with what the queue was before: going back from the list returns there.
  private var suspended: [(stack: [any Screen], queue: SolutionQueue.Memento)] = []
  /// Quitting was asked for during a run.
  var quitAsked = false
  /// What undo and redo would find.
  var undoState = (canUndo: false, canRedo: false)
  /// What the editor was opened for: takes the text that was written.
  var editing: ((String) -> Void)?
  /// Which themes there are, and how to read one; the front end knows.
  public var themes: (names: [(name: String, about: String)], load: (String) throws -> Theme)?
  var themeName: String?
  /// A theme that was chosen, for the front end.
  var chosenTheme: Theme?
  /// Whether the mouse is used here.
  public internal(set) var usesMouse: Bool
  private var dataVersion: Int
  /// The talk that is given.
  var talk: RunningTalk?
  /// A decision was made in this session.
  var hasDecided = false
  /// Solutions that were decided about in this session.
  private(set) var decidedAbout: Set<Int64> = []
  /// The workspace's files are gone.
  private var isLost = false
  /// Clocks that are wrong were spoken of.
  private var hasRemarked = false

  /// Opens the queue. Throws what reading the workspace throws.
  public init(
    session: Session, keyMap: KeyMap, size: Size, glyphs: Glyphs,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    context = ScreenContext(session: session, keyMap: keyMap, glyphs: glyphs, size: size)
    usesMouse = session.settings.mouse
    dataVersion = try session.workspace.dataVersion()
    services = try Services(context, environment: environment)
    undoState = try session.workspace.undoState(of: session.reviewer)
    context.navigator = self
    try open(.queue)
  }

  /// The screen that is seen.
  var top: any Screen {
    guard let top = stack.last else { preconditionFailure("the stack of screens is never empty") }
    return top
  }

  /// What was said last.
  public var message: Message? { context.messages.current }

  /// A screen with its state, made when it is first asked for.
  func screen<S: Screen>(_ type: S.Type) throws -> S {
    guard let screen = try screen(S.id) as? S else {
      preconditionFailure("\(S.id.rawValue) is not in ScreenRegistry")
    }
    return screen
  }

  private func screen(_ id: ScreenID) throws -> (any Screen)? {
    if let known = screens[id] { return known }
    let made = try ScreenRegistry.registration(id)?.make(services)
    screens[id] = made
    return made
  }

  // MARK: - Going from screen to screen

  /// Opens a screen on top of the others; one that is below comes up.
  func open(_ id: ScreenID) throws {
    guard let screen = try screen(id) else { return }
    if let reason = screen.openingReason { throw RefusalError(reason) }
    let before = stack.last
    if before === screen {
      try screen.appear()
      return glance("This screen is open already; \(keys(.back)) goes back.")
    }
    if stack.first === screen {
      // What the session began with stays below everything else.
      stack = [screen]
    } else {
      stack.removeAll { $0 === screen }
      stack.append(screen)
    }
    before?.disappear()
    try screen.appear()
    layOut()
  }

  /// Fits what is seen to the size of the screen: keys may come before it is drawn.
  func layOut() {
    attempt { try top.layOut(size) }
    overlay?.layOut(size)
  }

  /// Begins the session with a screen: leaving it ends the program.
  func begin(with id: ScreenID) throws {
    if top.id != id { try open(id) }
    stack.removeFirst(stack.count - 1)
  }

  /// Leaves the screen that is seen. The first one stays.
  func leave() throws {
    guard stack.count > 1 else { return }
    stack.removeLast().disappear()
    try top.appear()
    layOut()
  }

  /// Opens a solution for review, at a step.
  ///
  /// - Returns: whether it was opened; not where others have it already, which is said.
  @discardableResult
  func review(_ id: Int64, step: Int? = nil) throws -> Bool {
    let review = try reviewScreen()
    guard try review.load(id) else { return false }
    if let known = screens.updateValue(review, forKey: .review), known !== review {
      // Of the reviews below, the latest is enough.
      stack.removeAll { $0 is ReviewScreen && $0 !== known }
    }
    if let step, step > 0 { review.review?.goTo(step: step) }
    if top === review { layOut() } else { try open(.review) }
    return true
  }

  /// The review that is seen, else one that nobody goes back to: a review below keeps its solution.
  private func reviewScreen() throws -> ReviewScreen {
    if let seen = top as? ReviewScreen { return seen }
    let known = try screen(ReviewScreen.self)
    return screensBelow.contains { $0 === known } ? ReviewScreen(services, after: known) : known
  }

  /// Every screen that somebody may go back to, the one that is seen included.
  private var screensBelow: [any Screen] { stack + suspended.flatMap(\.stack) }

  /// Every screen that holds a state, those below included.
  private var allScreens: [any Screen] {
    var seen: Set<ObjectIdentifier> = []
    return (screensBelow + Array(screens.values)).filter {
      seen.insert(ObjectIdentifier($0)).inserted
    }
  }

  /// Shows a list made on another screen in the queue; going back returns to that screen and restores the queue.
  func showQueue(_ change: (SolutionQueue) throws -> Void) throws {
    let before = services.queue.memento
    try change(services.queue)
    let queue = try screen(QueueScreen.self)
    if top !== queue {
      let left = top
      suspended.append((stack, before))
      if suspended.count > 8 { suspended.removeFirst() }
      stack = [queue]
      left.disappear()
    }
    try queue.appear()
    layOut()
  }

  /// Whether nothing but the end of the program is left to go back to.
  var isAtRoot: Bool { stack.count == 1 && suspended.isEmpty }

  func back() throws {
    if try top.goBack() { return }
    if stack.count > 1 { return try leave() }
    guard let last = suspended.popLast() else { return try quit(asking: unfinishedWords()) }
    try services.queue.restore(last.queue)
    // What was listed in audit mode may show what blind mode hides.
    if session.mode == .blind { try services.queue.hideLabels() }
    top.disappear()
    stack = last.stack
    try top.appear()
    layOut()
  }

  /// Escape: like back, but it never ends the program.
  func close() throws {
    if top.clearSearch() { return }
    if stack.count > 1 || !suspended.isEmpty { return try back() }
    if try top.goBack() { return }
    if try top.escape() { return }
    say(.info, talk == nil ? "\(keys(.back)) ends the program; everything is saved." : "\(keys(.back)) quits the talk.")
  }

  // MARK: - Actions

  /// The command that an action means here: the screen's, else one that applies everywhere.
  func command(_ id: ActionID) -> BoundCommand? {
    top.command(id) ?? Self.commands[id].map { BoundCommand($0, on: self) }
  }

  /// What can be intended here, the screen's own first.
  var availableActions: [Action] { top.actions + Self.commands.all.map(\.action) }

  /// Why an action cannot be done now, as a sentence; `nil` when it can.
  public func disabledReason(_ id: ActionID) -> String? {
    guard let command = command(id) else { return absentReason(id) }
    return command.disabledReason()
  }

  /// Why an action of another screen cannot be done here.
  private func absentReason(_ id: ActionID) -> String {
    let places = ActionTable.places(of: id).compactMap(\.screen)
    guard let place = places.first else { return "There is no command '\(id)'." }
    if let opening = places.compactMap({ ScreenRegistry.registration($0)?.openedBy }).last {
      return "Open the \(opening.name) screen first (\(keys(opening.action.id)))."
    }
    if places.contains(.demonstration) { return "Play a demonstration first (\(keys(.demoOpen)))." }
    if place == .runForm { return "Open the form of a new run first (\(keys(.runsNew)) on the runs screen)." }
    return top.id == .queue
      ? "Open a solution first (\(keys(.queueOpen)))." : "Go back to the queue first (\(keys(.back)))."
  }

  /// Runs an action by name, unless it is not available; then its reason is said.
  ///
  /// Failures become messages: a full disk must not end the session.
  public func perform(_ id: ActionID) {
    context.messages.current = nil
    if id != .quit && id != .back { quitAsked = false }
    if context.heldKey.isHeldDown(id) {
      return say(.info, "A key held down gives one verdict: let it go, then press it again.")
    }
    top.willPerform(id)
    guard let command = command(id) else { return say(.warning, absentReason(id)) }
    if let reason = command.disabledReason() { return say(.warning, reason) }
    attempt(command.perform)
    remarkOnClocks()
  }

  /// Says, once in a session and after a decision, that others are dated ahead of this machine's clock.
  private func remarkOnClocks() {
    guard hasDecided, !hasRemarked, let ahead = try? workspace.decisionsAhead() else { return }
    hasRemarked = true
    let before = message.map { $0.text + " " } ?? ""
    say(.warning, before + TextSafety.line(ahead.remark))
  }

  /// Runs something that may fail, and says why if it does.
  ///
  /// - Returns: whether it was done.
  @discardableResult
  public func attempt(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch let refusal as RefusalError {
      say(.warning, refusal.description)
    } catch let untrusted as UntrustedError {
      askForTrust(untrusted)
    } catch {
      say(.error, "\(error)")
    }
    return false
  }

  /// Opens a line to type into for an action.
  func ask(_ id: ActionID, question: String? = nil, text: String = "") {
    guard let asks = question ?? ActionTable.action(id)?.asks else { return }
    overlay = PromptOverlay(context, action: id, question: asks, text: text)
  }

  /// Does what a typed line was asked for.
  ///
  /// - Returns: whether that could be done; else the reason was said.
  @discardableResult
  public func submit(_ id: ActionID, text: String) -> Bool {
    context.messages.current = nil
    guard let submit = command(id)?.submit else { return true }
    defer { remarkOnClocks() }
    return attempt { try submit(text.trimmingCharacters(in: .whitespaces)) }
  }

  /// Opens a text in `$EDITOR`.
  ///
  /// - Parameter finish: takes what was written.
  func edit(_ text: String, finish: @escaping (String) -> Void) {
    editing = finish
    context.effect = .edit(text)
  }

  /// Takes the text written in `$EDITOR`.
  public func finishEditing(_ text: String) {
    let finish = editing
    editing = nil
    finish?(text)
  }

  /// Hands over what the last action asked of the front end, once.
  public func takeEffect() -> Effect? {
    defer { context.effect = nil }
    return context.effect
  }

  /// Hands over a theme that was chosen, once.
  public func takeTheme() -> Theme? {
    defer { chosenTheme = nil }
    return chosenTheme
  }

  // MARK: - Background work

  /// Looks at what is running beside the screens.
  ///
  /// - Returns: whether the screen may have to change.
  public func tick() -> Bool {
    var mayDiffer = false
    for service in services.all {
      if service.refresh() { mayDiffer = true }
      if overlay == nil, let news = service.takeNews() {
        say(news.kind, news.text)
        mayDiffer = true
      }
    }
    if overlay?.refresh() == true { mayDiffer = true }
    notePlace()
    talk?.publish()
    // Screens below continue too: they are as they should be when somebody comes back.
    for screen in stack {
      attempt { if try screen.refresh() { mayDiffer = true } }
    }
    return mayDiffer
  }

  /// Milliseconds after which the screen wants to look at what is running, while nothing is typed.
  public var refreshInterval: Int {
    top.isMoving ? 33 : overlay?.isBusy == true ? 50 : isBusy ? 200 : 1000
  }

  /// Whether something is running that the screen follows.
  public var isBusy: Bool { top.isBusy || services.all.contains { $0.isBusy } }

  /// Waits until all is known that is worked out beside the screen: for plain text and pictures, which are not drawn again
  /// later.
  func settle() {
    for service in services.all { service.settle() }
    top.settle()
    overlay?.settle()
    _ = tick()
  }

  /// Looks whether another process has changed the workspace, and reads again if so.
  ///
  /// - Returns: whether the screen may have to change.
  public func refreshIfChanged() -> Bool {
    do {
      try workspace.checkFiles()
      if isLost { (isLost, context.saveFailed) = (false, false) }
    } catch {
      // Told at once, and once: nothing can be saved from here on.
      guard !isLost else { return false }
      (isLost, context.saveFailed) = (true, true)
      say(.error, "\(error)")
      return true
    }
    do {
      let version = try workspace.dataVersion()
      guard version != dataVersion else { return false }
      dataVersion = version
      undoState = try workspace.undoState(of: session.reviewer)
      for service in services.all { try service.workspaceChanged() }
      for screen in allScreens { try screen.workspaceChanged() }
    } catch {
      say(.error, "\(error)")
    }
    return true
  }

  /// Brings everything up to date that a decision is about.
  func decided(about id: Int64, _ outcome: DecisionOutcome) throws {
    hasDecided = true
    decidedAbout.insert(id)
    undoState = (outcome.canUndo, outcome.canRedo)
    for service in services.all { try service.decided(about: id, outcome) }
    for screen in allScreens { try screen.decided(about: id, outcome) }
  }

  /// Tells every screen that blind became audit, or the other way round.
  func modeChanged() throws { for screen in allScreens { try screen.modeChanged() } }

  /// Releases reservations, and ends background work. Called at the end.
  public func release() {
    overlay?.release()
    notePlace()
    try? workspace.release(session.holder)
    services.trainingSet.cancel()
    talk?.end()
  }
}
