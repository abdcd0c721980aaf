import DeepCriticCore
import Foundation
import Terminal

/// Something only the front end can do; it is asked for by an action and done after it.
public enum Effect: Sendable, Hashable {
  case quit
  case redraw
  case copy(String)
  /// Write a text in `$EDITOR` and hand it to ``WorkbenchModel/finishEditing(_:)``.
  case edit(String)
}

/// A line to the user. It stays until the next action.
public struct Message: Sendable, Hashable {
  /// How the message is marked and coloured.
  public enum Kind: Sendable { case info, good, warning, error }
  /// How serious it is.
  public var kind: Kind
  /// One or two sentences, the remedy included.
  public var text: String
}

/// What lies over the screen.
public enum Overlay {
  /// Every key; with a search, those whose line holds its words.
  case help(scroll: Int, search: String?)
  /// What newcomers need.
  case guide
  /// What each verdict on the step would change.
  case consequences(scroll: Int)
  case palette(PaletteModel)
  /// Some things of which one is chosen, or which are only read.
  case chooser(ChooserModel)
  case prompt(PromptModel)
  /// Sentences of a critique are being chosen.
  case sentences(SentenceChoice)
  /// A text of several lines.
  case text(TextEntry)
}

/// A line being typed for an action.
public struct PromptModel {
  /// What the line is for.
  public let action: ActionID
  /// The words before it.
  public let question: String
  /// What has been typed.
  public var editor: LineEditor
}

/// Everything the workbench shows: one value per session, changed only by ``perform(_:)`` and the prompt's end.
///
/// It knows nothing about drawing, so that the screen, `--linear` and tests drive the very same thing.
public final class WorkbenchModel {
  /// The reviewer and the workspace.
  public let session: Session
  /// Which key does what.
  public let keyMap: KeyMap
  /// The list of solutions.
  public let queue: QueueModel
  /// The solution under review; `nil` in the queue.
  public internal(set) var review: ReviewModel?
  /// The generation of critiques, whether its screen is open or not.
  public let generation: GenerationModel
  /// The place of every solution in the training set.
  public let curation: CurationModel
  /// Figures about labels, critiques and reviewers.
  public let statistics: StatisticsModel
  /// Critics on benchmarks.
  public let evaluation: EvaluationModel
  /// Steps on which reviewers disagree.
  public let adjudication: AdjudicationModel
  /// Goals and limits of the reviewer's work.
  public let reviewSettings: ReviewSettings
  /// Training runs.
  public let runs: RunsModel
  /// Critics that write before an audience.
  public let live = LiveModel()
  /// A prepared performance.
  public let demo = DemoModel()
  /// The key that was pressed last: what it says counts where several keys mean one action.
  var pressed: Key?
  /// Where servers and keys are looked for.
  let liveEnvironment: [String: String]
  /// What lies over the screen, if anything.
  public internal(set) var overlay: Overlay?
  /// What was said last.
  public internal(set) var message: Message?
  /// Whether the mouse is used here.
  public internal(set) var usesMouse = false
  /// The line above the critiques is being dragged.
  var isDraggingSplit = false
  /// What was said in this session, the latest last.
  var messages: [(at: Date, message: Message)] = []
  /// Others who have the solution under review open.
  var others: [String] = []
  /// Which themes there are, and how to read one; the front end knows.
  public var themes: (names: [(name: String, about: String)], load: (String) throws -> Theme)?
  /// Name of the theme that was chosen last.
  var themeName: String?
  /// A theme that was chosen, for the front end.
  public internal(set) var chosenTheme: Theme?
  private var reservedAt = ContinuousClock.now
  /// Set by an action for the front end, which takes it.
  public internal(set) var effect: Effect?
  /// The size of the screen, for what depends on it (pages, scroll limits).
  public var size: Size
  /// The signs that the terminal can show.
  public let glyphs: Glyphs
  /// Panes that show the raw source instead of readable mathematics.
  public internal(set) var sourcePanes: Set<Pane> = []
  /// The step under review is shown both ways.
  public internal(set) var showsBoth = false
  /// A session is played for its pictures: nothing is begun that has effects outside of the workspace.
  public var isRehearsal = false
  /// The last decision could not be written.
  public internal(set) var saveFailed = false
  /// What undo and redo would find.
  var undoState = (canUndo: false, canRedo: false)
  /// A text that could not be saved, kept until it is.
  var draft: Draft?
  /// What the editor was opened for.
  var edited = EditedText.comment
  /// The same verdict key sooner than this after the screen moved on is a key held down, not a decision.
  public var repeatGuard: Duration = .zero
  var lastVerdict: (action: ActionID, at: ContinuousClock.Instant)?
  let texts: TextCache
  let aids = ReadingAids()
  /// How the review screen is divided.
  public internal(set) var layoutChoice = LayoutChoice()
  /// Turning points, quotations and origins of sentences are marked.
  public internal(set) var showsAids = true
  /// Bookmarks, and where somebody was.
  let places: PlacesModel
  private var dataVersion = 0

  /// Opens the queue. Throws what reading the workspace throws.
  public init(
    session: Session, keyMap: KeyMap, size: Size, glyphs: Glyphs,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    self.session = session
    liveEnvironment = environment
    generation = GenerationModel(session, environment: environment)
    curation = CurationModel(session)
    reviewSettings = try ReviewSettings(
      workspace: session.workspace.settingsPath, user: SettingsFile.userPath(environment: environment))
    statistics = StatisticsModel(session, reviewSettings)
    adjudication = AdjudicationModel(session)
    evaluation = EvaluationModel(session)
    usesMouse = session.settings.mouse
    places = PlacesModel(
      path: StateFile.beside(session.statePath, "places.json"), workspace: session.workspace.path)
    runs = RunsModel(session, environment: environment)
    self.keyMap = keyMap
    self.size = size
    self.glyphs = glyphs
    texts = TextCache(isASCII: !glyphs.isUnicode)
    dataVersion = try session.workspace.dataVersion()
    queue = try QueueModel(session: session, reviewSettings)
    queue.curation = { [curation] in curation.state?.index }
    undoState = try session.workspace.undoState(of: session.reviewer)
    queue.list.setViewport(QueueScreen.listHeight(size))
    layoutChoice = LayoutChoice(path: session.statePath)
  }

  /// Where keys apply now.
  public var place: Place {
    if generation.isOpen { return .generation }
    if curation.isOpen { return .curation }
    if statistics.isOpen { return .statistics }
    if adjudication.isOpen { return .adjudication }
    if evaluation.isOpen { return .evaluation }
    if runs.isOpen { return runs.form == nil ? .runs : .runForm }
    if live.isOpen { return .live }
    if demo.isOpen { return .demo }
    return review == nil ? .queue : .review
  }

  /// Tells the model how large the screen is.
  public func resize(to size: Size) {
    self.size = size
    queue.list.setViewport(QueueScreen.listHeight(size))
    curation.list.setViewport(CurationScreen.listHeight(size))
    adjudication.list.setViewport(AdjudicationScreen.listHeight(size))
    layOutEvaluation()
    resizeForm()
  }

  func say(_ kind: Message.Kind, _ text: String) {
    message = Message(kind: kind, text: text)
    messages.append((Date(), Message(kind: kind, text: text)))
    if messages.count > 500 { messages.removeFirst(100) }
  }

  /// Runs an action by name, unless it is not available; then its reason is said.
  ///
  /// Failures become messages: a full disk must not end the session.
  public func perform(_ id: ActionID) {
    message = nil
    // Any other key in between shows that none is held down.
    if !Self.verdicts.contains(id) { lastVerdict = nil }
    if id != .generationStart { generation.armed = nil }
    if id != .quit && id != .back { generation.quitAsked = false }
    if let reason = unavailable(id) {
      say(.warning, reason)
      return
    }
    attempt {
      if try performEverywhere(id) { return }
      switch place {
      case .queue: try performInQueue(id)
      case .generation: try performInGeneration(id)
      case .curation: try performInCuration(id)
      case .statistics: performInStatistics(id)
      case .adjudication: try performInAdjudication(id)
      case .evaluation: try performInEvaluation(id)
      case .runs, .runForm: try performInRuns(id)
      case .live: try performInLive(id)
      case .demo: try performInDemo(id)
      default: try performInReview(id)
      }
    }
  }

  /// Runs something that may fail, and says why if it does.
  ///
  /// - Returns: whether it was done.
  @discardableResult
  func attempt(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch {
      say(.error, "\(error)")
      return false
    }
  }

  /// Does what a typed line was asked for. An empty line is a choice where a reason is optional.
  ///
  /// The line stays open, with what was typed, when that cannot be done.
  public func finishPrompt(_ action: ActionID, text: String) {
    message = nil
    let text = text.trimmingCharacters(in: .whitespaces)
    if (action == .markBadProblem || action == .markGiveUp) && text.isEmpty {
      say(.warning, "Write a short reason, or leave with escape.")
      return
    }
    let done = attempt {
      switch action {
      case .queueFilter: try setFilter(text)
      case .queueSave: try saveQueue(text)
      case .textSearch: search(text)
      case .critiqueUnsoundWhy: try judgeReasoning(as: false, note: text)
      case .critiqueMark: try markSentences(text)
      case .performanceGuess, .liveModels, .liveServers: try setLive(action, text)
      case .liveCompose: takeLive(text: text)
      case .generationModel, .generationEndpoint, .generationLimit: try setGeneration(action, text)
      case .adjudicationNote: setAdjudicationNote(text)
      case .runFormType: try setRunForm(text)
      case .commentLine: try addComment(text)
      case .critiqueEdit, .critiqueWrite, .stepCorrect: try saveVersion(action, text)
      case .markBadProblem: try mark(.badProblem, reason: text)
      case .markGiveUp: try mark(.giveUp, reason: text)
      default: break
      }
    }
    if done { overlay = nil }
  }

  /// Hands over what the last action asked of the front end, once.
  public func takeEffect() -> Effect? {
    defer { effect = nil }
    return effect
  }

  /// Looks at what goes on beside the review.
  ///
  /// - Returns: whether the screen may have to change.
  public func tick() -> Bool {
    let wasRunning = generation.snapshot.isRunning
    var mayDiffer = generation.refresh()
    if curation.refresh() { mayDiffer = true }
    if renewReservation() { mayDiffer = true }
    if statistics.refresh() { mayDiffer = true }
    if adjudication.refresh() { mayDiffer = true }
    if evaluation.refresh() { mayDiffer = true }
    if runs.refresh() { mayDiffer = true }
    if tellAboutRuns() { mayDiffer = true }
    if refreshLive() { mayDiffer = true }
    if demo.refresh() { mayDiffer = true }
    if wasRunning, !generation.snapshot.isRunning, overlay == nil { sayHowGenerationEnded() }
    return mayDiffer
  }

  /// Milliseconds after which the screen wants to look at what goes on, while nothing is typed.
  public var patience: Int {
    if (live.isOpen && live.isBusy) || demo.isPlaying { return 33 }
    return isBusy ? 200 : 1000
  }

  /// Whether something goes on beside the review that the screen follows.
  public var isBusy: Bool {
    generation.isBusy || curation.isLoading || statistics.isLoading || adjudication.isLoading
      || evaluation.isLoading || runs.isBusy || curation.hasNews || statistics.hasNews || adjudication.hasNews
      || evaluation.hasNews
  }

  /// Looks whether another process has changed the workspace, and reads again if so.
  ///
  /// - Returns: whether the screen may have to change.
  public func refreshIfChanged() -> Bool {
    do {
      let version = try session.workspace.dataVersion()
      guard version != dataVersion else { return false }
      dataVersion = version
      let total = queue.progress.total
      try queue.refresh()
      if queue.progress.total != total { try queue.reload() }
      undoState = try session.workspace.undoState(of: session.reviewer)
      // New critiques may have come too.
      if let review { review.stored = try session.workspace.solution(review.stored.id) }
      curation.workspaceChanged()
      statistics.workspaceChanged()
      adjudication.workspaceChanged()
      evaluation.workspaceChanged()
      return true
    } catch {
      say(.error, "\(error)")
      return true
    }
  }

  /// Keeps the solution under review reserved, and looks who else has it open.
  ///
  /// - Returns: whether that has changed.
  private func renewReservation() -> Bool {
    guard let review, ContinuousClock.now - reservedAt > .seconds(60) else { return false }
    reservedAt = .now
    _ = try? session.workspace.reserve(review.stored.key, for: session.holder, overlap: nil)
    let before = others
    others = (try? session.workspace.otherReviewers(of: review.stored.key, besides: session.holder)) ?? []
    return others != before
  }

  /// Lets go of what is reserved. Called at the end.
  public func release() { try? session.workspace.release(session.holder) }
}
