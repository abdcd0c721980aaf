import CritiqueModel
import ModelClient
import ModelRuns
import Synchronization

/// How a live critique is made.
public enum LiveMode: Sendable, Hashable {
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
  /// The first error as evaluations read it, or −1; `nil` while it is not known, or where no answer can be read.
  public var answer: Int?
  /// What it says about single steps does not lead to its answer.
  public var contradictsItself = false
  /// Recorded texts replace the server's.
  public var isRecorded: Bool { texts.values.contains(where: \.isRecorded) }
  /// It was written to its end.
  public var isComplete: Bool { !texts.isEmpty && texts.values.allSatisfy { $0.phase == .done || $0.phase == .cutOff } }
}

/// A live critique at one moment.
public struct LiveSnapshot: Sendable, Hashable {
  /// From left to right.
  public var columns: [LiveColumn] = []
  /// Something may still come.
  public var isRunning = false
  /// What the servers keep waiting, and for how long at most.
  public var waits: [String] = []

  /// Before anything is asked.
  public init() {}
}

/// A critique before an audience: chunks are shown as they come, nothing is stored, and nothing is tried again once a chunk
/// was seen.
public final class LiveRun: Sendable {
  private struct Column {
    var stage: Stage?
    var critic: LiveCritic
    var streams: [Int: LiveStream] = [:]
    /// Texts by step that replace those of a server that fails.
    var recorded: [Int: String] = [:]
  }

  private struct State {
    var columns: [Column]
    var task: Task<Void, Never>?
    var isRunning = false
  }

  /// The solution.
  public let solution: Solution
  /// How it is critiqued.
  public let mode: LiveMode
  let prompts: PromptLibrary
  private let stages: [Stage: StageSettings]
  private let runners: [Endpoint: RequestRunner]
  private let state: Mutex<State>

  /// A live critique, not yet begun.
  ///
  /// - Parameters:
  ///   - critics: one or more; with stages the first of them counts.
  ///   - settings: templates' stages and the client's time-outs.
  ///   - recorded: for each column, texts by step (0: the whole solution) that replace those of a server that fails.
  public init(
    of solution: Solution, by critics: [LiveCritic], mode: LiveMode, prompts: PromptLibrary,
    settings: GenerateSettings, recorded: [[Int: String]] = []
  ) throws(LiveCritiqueError) {
    guard let first = critics.first else {
      throw LiveCritiqueError("There is no critic: name a model with --model NAME.")
    }
    guard !solution.steps.isEmpty else {
      throw LiveCritiqueError("There is nothing to critique: the solution has no steps.")
    }
    self.solution = solution
    self.mode = mode
    self.prompts = prompts
    stages = settings.stages
    var configuration = settings.client
    configuration.streams = true
    // Who watches wants to know soon.
    configuration.maximumAttempts = min(configuration.maximumAttempts, 2)
    configuration.idleTimeout = min(configuration.idleTimeout, 120)
    var runners: [Endpoint: RequestRunner] = [:]
    for critic in critics where runners[critic.endpoint] == nil {
      runners[critic.endpoint] = RequestRunner(
        client: ModelClient(endpoints: [critic.endpoint], configuration: configuration))
    }
    self.runners = runners
    var columns =
      mode == .whole
      ? critics.map { Column(stage: nil, critic: $0) } : Stage.allCases.map { Column(stage: $0, critic: first) }
    for (place, texts) in recorded.prefix(columns.count).enumerated() { columns[place].recorded = texts }
    state = Mutex(State(columns: columns))
  }

  /// Begins. May be called once.
  public func start() {
    state.withLock { state in
      guard state.task == nil else { return }
      state.isRunning = true
      state.task = Task {
        switch mode {
        case .whole: await writeWhole()
        case .stages: await writeStages()
        }
        for runner in runners.values { await runner.shutdown() }
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
    if isRunning {
      snapshot.waits = runners.values.flatMap { RequestReport($0.progress(), prices: nil).waits }.sorted()
    }
    snapshot.columns = columns.map { column in
      var shown = LiveColumn(
        stage: column.stage, model: column.critic.model, endpoint: column.critic.endpoint.base)
      shown.texts = column.streams.mapValues(\.text)
      if mode == .whole { read(whole: &shown) } else { read(stage: &shown) }
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
    column.contradictsItself = said.contradictsItself
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

  /// What a column's texts are asked with.
  func parameters(of column: LiveColumn) -> RequestParameters {
    let critic = state.withLock { state in
      state.columns.first { $0.stage == column.stage && $0.critic.model == column.model }?.critic
    }
    return parameters(column.stage, model: column.model, critic?.sampling ?? LiveCritic.defaultSampling)
  }

  /// - Parameter whole: how critiques of the whole solution are drawn.
  private func parameters(_ stage: Stage?, model: String, _ whole: Sampling) -> RequestParameters {
    let sampling = stage.map { (stages[$0] ?? StageSettings($0)).sampling } ?? whole
    return RequestParameters(model: model, sampling: sampling, continuesLastMessage: false)
  }

  // MARK: Asking

  private func writeWhole() async {
    let messages = CritiqueRequest.whole(prompts[.critic], solution)
    let critics = state.withLock { $0.columns.map(\.critic) }
    await withTaskGroup(of: Void.self) { group in
      for (place, critic) in critics.enumerated() {
        group.addTask { _ = await self.write(messages, by: critic, stage: nil, column: place, step: 0) }
      }
    }
  }

  private func writeStages() async {
    let numbered = SolutionText.numbered(solution)
    for step in solution.steps.indices.map({ $0 + 1 }) {
      var texts: [Stage: String] = [:]
      for (place, stage) in Stage.allCases.enumerated() {
        let critic = state.withLock { $0.columns[place].critic }
        let messages = CritiqueRequest.stage(
          prompts[stage], solution, numbered: numbered, step: step, initial: texts[.initial] ?? "",
          deep: texts[.deep] ?? "")
        guard let text = await write(messages, by: critic, stage: stage, column: place, step: step) else { return }
        texts[stage] = text
      }
      if JudgementParser.judgement(in: texts[.merged] ?? "") == .incorrect { return }
    }
  }

  /// - Returns: the whole text; `nil` when there is none to continue with.
  private func write(
    _ messages: [ChatMessage], by critic: LiveCritic, stage: Stage?, column: Int, step: Int
  ) async -> String? {
    let stream = LiveStream()
    state.withLock { $0.columns[column].streams[step] = stream }
    guard !Task.isCancelled, let runner = runners[critic.endpoint] else {
      stream.end(.stopped)
      return nil
    }
    do {
      let answer = try await runner.answer(
        to: messages, parameters(stage, model: critic.model, critic.sampling), onChunk: stream.take)
      let choice = answer.choices.first
      stream.end(choice?.finish == .length ? .cutOff : .done, choice, tokens: answer.usage?.completion)
      return choice?.text
    } catch {
      if error.kind != .cancelled, let text = state.withLock({ $0.columns[column].recorded[step] }) {
        let isWhole = await stream.replay(text, because: error.plainDescription)
        stream.end(isWhole ? .done : .stopped)
        return isWhole ? text : nil
      }
      stream.end(error.kind == .cancelled ? .stopped : .failed(error.plainDescription))
      return nil
    }
  }
}
