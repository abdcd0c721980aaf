import DeepCriticCore
import Terminal

/// What a live critique is begun with.
public struct LiveRequest: Sendable {
  /// The solution; `nil` takes the one under review, or the first of the queue.
  public var solution: Solution?
  /// The number of a solution of the workspace, in place of it.
  public var stored: Int64?
  /// Servers; empty for the settings'.
  public var endpoints: [String] = []
  /// Models; empty for the settings', or the only one that the server lists.
  public var models: [String] = []
  /// As a whole, or in three stages.
  public var mode = LiveMode.whole
  /// The critics' names are hidden until they are asked for.
  public var isBlind = false
  /// The audience guesses first.
  public var isChallenge = false
  /// Longest whole critique in tokens; `nil` for the default.
  public var maxTokens: Int?
  /// Temperature of whole critiques; `nil` for the paper's.
  public var temperature: Double?
  /// Begins at once.
  public var startsAtOnce = false

  /// A request with the defaults.
  public init() {}

  /// The workspace's settings with these servers.
  public func settings(of workspace: Workspace) throws -> GenerateSettings {
    var settings = try GenerateSettings(path: workspace.settingsPath)
    if !endpoints.isEmpty { settings.servers = endpoints.map { ServerSettings(url: $0) } }
    return settings
  }

  /// The critics by servers and models; `nil` where no model is named and the server's list must be asked.
  public func critics(_ endpoints: [Endpoint], _ settings: GenerateSettings) throws -> [LiveCritic]? {
    var models = models
    if models.isEmpty, let model = settings.stages[.merged]?.model ?? endpoints.compactMap(\.model).first {
      models = [model]
    }
    if models.isEmpty { return nil }
    return try LiveCritic.pairs(endpoints, models: models).map { critic in
      var critic = critic
      if let maxTokens { critic.sampling.maxTokens = maxTokens }
      if let temperature { critic.sampling.temperature = temperature }
      return critic
    }
  }
}

/// Live critiques: what is on the screen, and how the audience did.
public final class LiveModel {
  /// The screen is open.
  var isOpen = false
  /// Servers, models and the rest, as they were last chosen.
  var request = LiveRequest()
  /// What is critiqued; `nil` until there is something.
  var solution: Solution?
  /// Its name, where it has one.
  var name = ""
  /// The solution in the workspace, where it is from there.
  var stored: StoredSolution?
  var run: LiveRun?
  private(set) var snapshot = LiveSnapshot()
  /// The step that is looked at; `nil` follows the critics.
  var step: Int?
  var focus = 0
  /// The first line of each pane; those that are not here follow the end.
  var scrolls: [Int: Int] = [:]
  var isZoomed = false
  /// Hidden names were asked for.
  var isRevealed = false
  /// The audience's guess: a step, or −1 for "all right".
  var guess: Int?
  /// Rounds with a guess: how many, and how often the audience and the critic were right.
  var score = (rounds: 0, audience: 0, critic: 0)
  var isScored = false
  /// What was saved of the present critique.
  var saved: String?
  /// A list of a server's models is being fetched, and what came of it.
  let models = ModelLookup()
  /// By column: the step that is laid out, and its layout so far.
  private var streamed: [Int: (step: Int, layout: StreamedText)] = [:]

  /// Takes what is critiqued; what was written about something else goes.
  func take(_ solution: Solution, name: String, stored: StoredSolution?) {
    forget()
    self.solution = solution
    self.name = name
    self.stored = stored
    guess = nil
  }

  /// Drops the critique, not the solution.
  func forget() {
    run?.stop()
    run = nil
    snapshot = LiveSnapshot()
    step = nil
    scrolls = [:]
    isScored = false
    isRevealed = false
    saved = nil
    streamed = [:]
  }

  var isBusy: Bool { snapshot.isRunning || (run != nil && snapshot.columns.isEmpty) || models.isLooking }

  /// Looks at what has come.
  ///
  /// - Returns: whether something may have changed.
  func refresh() -> Bool {
    guard let run else { return models.hasNews }
    let before = snapshot
    snapshot = run.snapshot()
    return before != snapshot || models.hasNews
  }

  /// The step that the panes are about: the chosen one, else the one that is being written about.
  var shownStep: Int {
    if let step { return step }
    let columns = snapshot.columns
    if let current = columns.compactMap(\.current).max() { return current }
    if let answer = columns.compactMap(\.answer).first(where: { $0 > 0 }) { return answer }
    return columns.flatMap(\.judgements.keys).max() ?? 0
  }

  /// The text of a column that the screen shows.
  func text(_ column: LiveColumn) -> LiveText? { column.texts[column.stage == nil ? 0 : shownStep] }

  /// Lays out a pane's text, whatever part of it has come.
  func lines(_ column: Int, _ text: LiveText, width: Int, source: Bool, ascii: Bool, whole: () -> [TextLine])
    -> [TextLine]
  {
    // What is over is laid out as a whole, as on every other screen.
    if text.isOver, text.text.utf8.count < 200_000 { return whole() }
    let step = snapshot.columns[column].stage == nil ? 0 : shownStep
    let known = streamed[column].flatMap { $0.step == step ? $0.layout : nil }
    let layout = known ?? StreamedText(isASCII: ascii)
    streamed[column] = (step, layout)
    return layout.lines(text.text, width: width, source: source)
  }

  /// The name of a column's critic, hidden where that is wished.
  func title(_ column: Int) -> String {
    let shown = snapshot.columns[column]
    if let stage = shown.stage { return stage.title }
    guard request.isBlind, !isRevealed, snapshot.columns.count > 1 else {
      return ShownModelNames.short(snapshot.columns.map(\.model))[column]
    }
    return Self.alias(column)
  }

  /// "Critic A" for the first.
  static func alias(_ column: Int) -> String { "Critic \(Character(Unicode.Scalar(UInt8(65 + min(column, 25)))))" }

  /// The first wrong step as it is known, where it is and may be told: by the labels of the solution, but not in a blind
  /// review of it.
  func truth(in mode: ReviewMode) -> Int? {
    mode == .blind && stored != nil ? nil : solution?.firstError.boxed
  }

  /// What the critics answered, where all of one kind are done: the merged critique's with stages.
  var answer: Int? {
    guard !snapshot.isRunning, let column = snapshot.columns.last(where: { $0.stage != nil }) ?? snapshot.columns.first
    else { return nil }
    return column.answer
  }
}
