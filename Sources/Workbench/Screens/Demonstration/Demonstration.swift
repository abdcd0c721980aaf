import DeepCriticCore
import Terminal

/// A prepared performance: what is shown when, as a pure function of time.
///
/// It is made from any solution with critiques, so that the same words fit every item: the first step at which the initial
/// critique and the label part is looked at closely.
public struct Demonstration {
  /// What a scene shows while it continues.
  enum Action: Hashable {
    case problem
    case step(Int)
    case guess
    /// A stage looks at a step that is not looked at closely: its judgement appears.
    case glance(Stage, Int)
    case critique(Stage, Int)
    case judgement(Stage, Int)
    case label
  }

  struct Scene {
    var action: Action
    var caption: String
    /// Seconds of writing.
    var writing: Double
    /// Seconds that it stays afterwards.
    var rest: Double
    var length: Double { writing + rest }
  }

  let solution: Solution
  let texts: [Stage: [Int: String]]
  let scenes: [Scene]
  /// People labelled the solution, and no estimate.
  let isByPeople: Bool

  /// Characters per second at which a critique is written: what people read aloud in their heads.
  private static let reading = 38.0
  /// The same for the merged critique, most of which has been read in the two before it.
  private static let rereading = 70.0
  /// The same for the solution's steps.
  private static let steps = 60.0

  /// - Returns: `nil` for a solution without steps or without critiques.
  init?(_ solution: Solution, critiques: [Stage: [Int: String]], isByPeople: Bool = true) {
    guard !solution.steps.isEmpty, let closely = Self.closely(solution, critiques) else { return nil }
    self.solution = solution
    texts = critiques
    self.isByPeople = isByPeople
    scenes = Self.scenes(solution, critiques, closely, isByPeople)
  }

  static func judgement(_ texts: [Stage: [Int: String]], _ stage: Stage, _ step: Int) -> Judgement? {
    texts[stage]?[step].flatMap { JudgementParser.judgement(in: $0) }
  }

  /// The step whose critiques tell the most: one that the initial critique misjudges, else the first error, else the last.
  private static func closely(_ solution: Solution, _ texts: [Stage: [Int: String]]) -> Int? {
    let steps = (1...solution.steps.count).filter { step in Stage.allCases.contains { texts[$0]?[step] != nil } }
    return steps.first { step in
      guard let label = solution.steps[step - 1].rating?.judgement else { return false }
      return judgement(texts, .initial, step).map { $0 != label } ?? false
    } ?? solution.firstError.boxed.flatMap { steps.contains($0) ? $0 : nil } ?? steps.last
  }

  private static func scenes(
    _ solution: Solution, _ texts: [Stage: [Int: String]], _ closely: Int, _ isByPeople: Bool
  ) -> [Scene] {
    var scenes: [Scene] = []
    func add(_ action: Action, _ caption: String, writing: Double = 0, rest: Double) {
      scenes.append(Scene(action: action, caption: caption, writing: writing, rest: rest))
    }
    let count = solution.steps.count
    let steps = count == 1 ? "one step" : "\(count) steps"
    add(
      .problem,
      "A problem, and soon a solution of it in \(steps)"
        + (solution.generator == nil ? "." : ", written by a language model."),
      rest: max(Double(solution.problem.count) / reading, 4))
    for step in solution.steps.indices.map({ $0 + 1 }) {
      add(
        .step(step), "The solution looks convincing. Is every step right?",
        writing: Double(solution.steps[step - 1].text.count) / Self.steps, rest: step == count ? 1.5 : 0.6)
    }
    add(.guess, "Which step is the first wrong one? Press its number (0 for none), or wait.", rest: 10)
    for (index, stage) in Stage.allCases.enumerated() where texts[stage]?[closely] != nil {
      let words =
        switch stage {
        case .initial: "A critic reads it step by step. At first it looks at each step once: the initial critique."
        case .deep:
          "Now it deliberates. It looks again from another side, and at its own first look: the deep critique."
        case .merged:
          "Both become one deliberate critique that examines, doubts and decides. From such texts critics are trained."
        }
      if index == 0, closely > 1 {
        for step in 1..<closely where texts[stage]?[step] != nil { add(.glance(stage, step), words, rest: 1.1) }
      }
      let text = texts[stage]?[closely] ?? ""
      let pace = stage == .merged && texts[.deep]?[closely] != nil ? rereading : reading
      add(.critique(stage, closely), words, writing: Double(text.count) / pace, rest: 1)
      add(.judgement(stage, closely), outcome(solution, texts, stage, closely, isByPeople), rest: 4.5)
    }
    if solution.firstError.boxed != nil {
      add(.label, ending(solution, texts, closely, isByPeople), rest: 12)
    }
    return scenes
  }

  /// The outcome of a look, in words that somebody who sees it for the first time understands.
  private static func outcome(
    _ solution: Solution, _ texts: [Stage: [Int: String]], _ stage: Stage, _ step: Int, _ isByPeople: Bool
  ) -> String {
    guard let says = judgement(texts, stage, step) else { return "It does not decide." }
    let label = solution.steps[step - 1].rating?.judgement
    let isRight = label.map { $0 == says }
    let word = says == .correct ? "correct" : "wrong"
    let first = stage == .initial ? nil : judgement(texts, .initial, step)
    switch (stage, isRight) {
    // Whether that is so, the second look shows.
    case (.initial, _):
      return "The first look says: step \(step) is \(word). Is it?"
    case (.deep, true?):
      return first == nil || first == says
        ? "The second look says so too: step \(step) is \(word)."
        : "The second look finds what the first one missed: step \(step) is \(word)."
    case (.merged, true?): return "Step \(step) is \(word), and the critique says why."
    case (_, false?):
      let others = isByPeople ? "People say" : "The label says"
      return "It finds step \(step) \(word). \(others) otherwise: such critiques are kept out of training."
    case (_, nil): return "It finds step \(step) \(word)."
    }
  }

  private static func ending(
    _ solution: Solution, _ texts: [Stage: [Int: String]], _ closely: Int, _ isByPeople: Bool
  ) -> String {
    guard let first = solution.firstError.boxed else { return "" }
    let who = isByPeople ? "People who labelled the solution" : "Estimates from rollouts"
    if first == -1 { return "\(who) found every step right." }
    let isFound = first == closely && lastWord(texts, closely) == .incorrect
    return "\(who) found \(isFound ? "the same: " : "that ")step \(first) is the first wrong one."
  }

  /// What the last stage that looks at a step says about it.
  static func lastWord(_ texts: [Stage: [Int: String]], _ step: Int) -> Judgement? {
    Stage.allCases.last { texts[$0]?[step] != nil }.flatMap { judgement(texts, $0, step) }
  }

  /// The critic has found what the labels say.
  var isFound: Bool {
    let first = solution.firstError.boxed
    return scenes.contains { scene in
      guard case .critique(_, let step) = scene.action else { return false }
      return first == step && Self.lastWord(texts, step) == .incorrect
    }
  }

  /// Seconds of the whole performance.
  var length: Double { scenes.reduce(0) { $0 + $1.length } }

  /// When a scene begins.
  func start(of scene: Int) -> Double { scenes.prefix(max(scene, 0)).reduce(0) { $0 + $1.length } }

  /// The scene at a time, and how much of it is written, from 0 to 1.
  func place(at time: Double) -> (scene: Int, written: Double) {
    var left = time
    for (index, scene) in scenes.enumerated() {
      // A sum of times is seldom exact: a hair's breadth before its end a scene is over.
      if left < scene.length - 1e-6 || index == scenes.count - 1 {
        return (index, scene.writing > 0 ? min((left + 1e-6) / scene.writing, 1) : 1)
      }
      left -= scene.length
    }
    return (0, 0)
  }
}

extension Demonstration {
  /// Why a solution cannot be shown, as a clause; `nil` when it can.
  static func lack(of stored: StoredSolution) -> String? {
    if stored.solution.steps.isEmpty { return "it has no steps" }
    return Demonstration(stored) == nil ? "it has no critiques of its steps" : nil
  }

  /// Why nothing of a workspace can be shown, as a clause about one; `nil` when something can.
  public static func lack(in workspace: Workspace) throws -> String? {
    let all = try workspace.queue(sort: .imported, reviewer: "")
    for id in all { if lack(of: try workspace.solution(id)) == nil { return nil } }
    guard let first = all.first else { return "it holds no solutions" }
    return lack(of: try workspace.solution(first))
  }

  /// Which other solutions of a workspace can be shown.
  static func others(in workspace: Workspace, than id: Int64) throws -> String {
    let others = try Stage.allCases.reduce(into: Set<Int64>()) { found, stage in
      found.formUnion(try workspace.queue(sort: .imported, filter: QueueFilter("has:\(stage.rawValue)"), reviewer: ""))
    }.subtracting([id]).sorted()
    let names = others.prefix(5).map(String.init).joined(separator: ", ")
    return others.isEmpty
      ? "No solution of this workspace has any."
      : "\(Figures.count(others.count, "solution")) can: \(names)\(others.count > 5 ? ", …" : "")."
  }

  init?(_ stored: StoredSolution) {
    var texts: [Stage: [Int: String]] = [:]
    for (stage, steps) in stored.critiques {
      for (step, critiques) in steps where step > 0 {
        guard let first = critiques.first else { continue }
        texts[stage, default: [:]][step] = first.critique.text
      }
    }
    self.init(stored.solution, critiques: texts, isByPeople: stored.labels.isByPeople)
  }
}
