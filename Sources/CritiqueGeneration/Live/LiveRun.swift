import CritiqueModel
import ModelClient
import Synchronization

/// What a live critique is of, and how it is made.
public enum LiveManner: Sendable, Hashable {
  /// Each critic writes one critique of the whole solution, all at the same time.
  case whole
  /// One critic writes initial, deep and merged critiques of one step after the other (paper, section 3.1), until a merged
  /// critique says that a step is wrong.
  case stages
}

/// One column of a live critique: a critic's, or a stage's.
public struct LiveColumn: Sendable, Hashable {
  /// The stage; `nil` for critiques of the whole solution.
  public var stage: Stage?
  /// The model's name.
  public var model: String
  /// The server's address.
  public var endpoint: String
  /// Texts by 1-based step; a critique of the whole solution has 0.
  public var texts: [Int: LiveText] = [:]
  /// What it says about each step so far.
  public var judgements: [Int: Judgement] = [:]
  /// The step that is being written about.
  public var current: Int?
  /// The first wrong step, or −1; `nil` while it is not known, or where no answer can be read.
  public var answer: Int?

  /// Whether nothing more will come.
  public var isOver: Bool { !texts.isEmpty && texts.values.allSatisfy(\.isOver) }
}

/// A live critique at one moment.
public struct LiveSnapshot: Sendable, Hashable {
  /// From left to right.
  public var columns: [LiveColumn] = []
  /// Something may still come.
  public var isRunning = false

  /// Before anything is asked.
  public init() {}
}

/// A critique before an audience: pieces are shown as they come, nothing is stored, and nothing is tried again once a piece
/// was seen.
public final class LiveRun: Sendable {
  private struct Column {
    var stage: Stage?
    var critic: LiveCritic
    var streams: [Int: LiveStream] = [:]
  }

  private struct State {
    var columns: [Column]
    var task: Task<Void, Never>?
    var isRunning = false
  }

  /// The solution.
  public let solution: Solution
  /// What is made of it.
  public let manner: LiveManner
  let prompts: PromptLibrary
  private let stages: [Stage: StageSettings]
  private let clients: [Endpoint: ModelClient]
  private let state: Mutex<State>

  /// A live critique, not yet begun.
  ///
  /// - Parameters:
  ///   - critics: one or more; with stages the first of them counts.
  ///   - settings: templates' stages and the client's time-outs.
  public init(
    of solution: Solution, by critics: [LiveCritic], manner: LiveManner, prompts: PromptLibrary,
    settings: GenerateSettings
  ) throws(LiveCritiqueError) {
    guard let first = critics.first else {
      throw LiveCritiqueError("There is no critic: name a model with --model NAME.")
    }
    guard !solution.steps.isEmpty else {
      throw LiveCritiqueError("There is nothing to critique: the solution has no steps.")
    }
    self.solution = solution
    self.manner = manner
    self.prompts = prompts
    stages = settings.stages
    var configuration = settings.client
    configuration.streams = true
    // Who watches wants to know soon.
    configuration.maximumAttempts = 2
    configuration.idleTimeout = min(configuration.idleTimeout, 120)
    var clients: [Endpoint: ModelClient] = [:]
    for critic in critics where clients[critic.endpoint] == nil {
      clients[critic.endpoint] = ModelClient(endpoints: [critic.endpoint], configuration: configuration)
    }
    self.clients = clients
    let columns =
      manner == .whole
      ? critics.map { Column(stage: nil, critic: $0) } : Stage.allCases.map { Column(stage: $0, critic: first) }
    state = Mutex(State(columns: columns))
  }

  /// Begins. May be called once.
  public func start() {
    state.withLock { state in
      guard state.task == nil else { return }
      state.isRunning = true
      state.task = Task {
        switch manner {
        case .whole: await writeWhole()
        case .stages: await writeStages()
        }
        for client in clients.values { await client.shutdown() }
        self.state.withLock { $0.isRunning = false }
      }
    }
  }

  /// Ends what is under way. What has come is kept.
  public func stop() {
    let task = state.withLock { state in
      for column in state.columns { for stream in column.streams.values { stream.end(.stopped) } }
      return state.task
    }
    task?.cancel()
  }

  /// Waits until nothing more will come.
  public func finished() async { await state.withLock { $0.task }?.value }

  /// What has come so far.
  public func snapshot() -> LiveSnapshot {
    let (columns, isRunning) = state.withLock { ($0.columns, $0.isRunning) }
    var snapshot = LiveSnapshot()
    snapshot.isRunning = isRunning
    snapshot.columns = columns.map { column in
      var shown = LiveColumn(
        stage: column.stage, model: column.critic.model, endpoint: column.critic.endpoint.base)
      shown.texts = column.streams.mapValues(\.text)
      if manner == .whole { read(whole: &shown) } else { read(stage: &shown) }
      return shown
    }
    return snapshot
  }

  private func read(whole column: inout LiveColumn) {
    guard let text = column.texts[0] else { return }
    let said = StepVerdicts(in: text.text, stepCount: solution.steps.count, isWhole: text.phase == .done)
    column.judgements = said.judgements
    column.current = text.isOver ? nil : said.current ?? 1
    column.answer = said.answer
  }

  private func read(stage column: inout LiveColumn) {
    for (step, text) in column.texts {
      if text.phase == .done { column.judgements[step] = JudgementParser.judgement(in: text.text) }
      if !text.isOver { column.current = step }
    }
    if let wrong = column.judgements.filter({ $0.value == .incorrect }).keys.min() {
      column.answer = wrong
    } else if column.judgements.count == solution.steps.count {
      column.answer = -1
    }
  }

  /// How a column's texts are drawn.
  func sampling(of column: LiveColumn) -> Sampling {
    guard let stage = column.stage else {
      let critic = state.withLock { $0.columns.first { $0.critic.model == column.model }?.critic }
      return critic?.sampling ?? Sampling(temperature: 0.6, topP: 0.9, maxTokens: 4096)
    }
    return sampling(of: stage)
  }

  private func sampling(of stage: Stage) -> Sampling {
    let settings = stages[stage] ?? StageSettings(stage)
    return Sampling(
      temperature: settings.temperature, topP: settings.topP, maxTokens: settings.maxTokens, seed: settings.seed)
  }

  // MARK: Asking

  private func writeWhole() async {
    let messages = CritiqueRequest.whole(prompts[.critic], solution)
    let critics = state.withLock { $0.columns.map(\.critic) }
    await withTaskGroup(of: Void.self) { group in
      for (place, critic) in critics.enumerated() {
        let request = ChatRequest(model: critic.model, messages: messages, sampling: critic.sampling)
        group.addTask { _ = await self.write(request, by: critic, column: place, step: 0) }
      }
    }
  }

  private func writeStages() async {
    let numbered = SolutionText.numbered(solution)
    for step in 1...solution.steps.count {
      var texts: [Stage: String] = [:]
      for (place, stage) in Stage.allCases.enumerated() {
        let critic = state.withLock { $0.columns[place].critic }
        let request = ChatRequest(
          model: critic.model,
          messages: CritiqueRequest.stage(
            prompts[stage], solution, numbered: numbered, step: step, initial: texts[.initial] ?? "",
            deep: texts[.deep] ?? ""),
          sampling: sampling(of: stage))
        guard let text = await write(request, by: critic, column: place, step: step) else { return }
        texts[stage] = text
      }
      if JudgementParser.judgement(in: texts[.merged] ?? "") == .incorrect { return }
    }
  }

  /// - Returns: the whole text; `nil` when there is none to go on with.
  private func write(_ request: ChatRequest, by critic: LiveCritic, column: Int, step: Int) async -> String? {
    let stream = LiveStream()
    state.withLock { $0.columns[column].streams[step] = stream }
    guard !Task.isCancelled, let client = clients[critic.endpoint] else {
      stream.end(.stopped)
      return nil
    }
    do {
      let answer = try await client.answer(to: request) { stream.take($0) }
      let choice = answer.choices.first
      stream.end(choice?.finish == .length ? .cutOff : .done, tokens: answer.usage?.completion)
      return choice?.text
    } catch {
      stream.end(error.kind == .cancelled ? .stopped : .failed("\(error)"))
      return nil
    }
  }
}
