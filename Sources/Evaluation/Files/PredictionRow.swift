import DatasetFormats
import JSON
import ReviewStore

/// One answer as a file of predictions has it.
public enum WrittenAnswer: Sendable {
  /// A critique, to be read by the extraction rule.
  case text(WrittenText)
  /// What a critique says, read already and its text let go; steps as they were written.
  case read(SampleReading)
  /// A step's number as written, or −1.
  case number(Int)
  /// Scores by step.
  case scores([Double])
  /// Numbers (from 1) of all wrong steps.
  case errorSteps([Int])
  /// The file says that there is no answer.
  case none
}

/// One row of a file of predictions.
public struct PredictionRow: Sendable {
  /// The 1-based line where it starts.
  public var line: Int
  /// The identifier, where it has one.
  public var id: String?
  /// Problem and steps, where it has them.
  public var problem: String?
  /// The steps' texts.
  public var steps: [String]?
  /// The 0-based label, −1 for none, where it has one.
  public var label: Int?
  /// Whether the final answer is right, where it says so.
  public var finalAnswerIsCorrect: Bool?
  /// Who wrote the solution, where it says so.
  public var generator: String?
  /// What the script that made the file decided, as written.
  public var prediction: Int?
  /// Whether that was right.
  public var match: Bool?
  /// The answers, in their order.
  public var answers: [WrittenAnswer]

  /// Reads the texts and releases them: counting needs them no longer.
  ///
  /// - Parameter extractor: its base must be one, so that steps stay as they are written.
  mutating func readTexts(_ extractor: AnswerExtractor) {
    for place in answers.indices {
      if case .text(let text) = answers[place] { answers[place] = .read(text.read(extractor)) }
    }
  }

  /// Reads a row.
  ///
  /// - Returns: `nil` when it has no prediction of any kind.
  /// - Throws: a reason that names the field.
  init?(_ root: JSONView, line: Int) throws(RecordError) {
    self.line = line
    id = root["id"].flatMap { $0.string ?? $0.numberText } ?? root["idx"].flatMap { $0.string ?? $0.numberText }
    problem = root["problem"]?.string ?? root["question"]?.string
    if let list = root["steps"], list.kind == .array {
      let texts = list.elements.compactMap(\.string)
      steps = texts.count == list.count ? texts : nil
    }
    label = root["label"].flatMap(Self.number)
    finalAnswerIsCorrect = root["final_answer_correct"]?.bool
    generator = root["generator"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    match = root["match"]?.bool
    prediction = root["prediction"].flatMap(Self.number)
    guard let answers = try Self.answers(root) else { return nil }
    self.answers = answers
  }

  /// A row of a file that is one object of identifiers and predictions.
  init?(id: String, value: JSONView, line: Int) throws(RecordError) {
    self.line = line
    self.id = id
    if value.kind == .object {
      guard let answers = try Self.answers(value) else { return nil }
      self.answers = answers
      prediction = value["prediction"].flatMap(Self.number)
    } else {
      answers = try Self.list(value, "the prediction of '\(id)'")
    }
  }

  private static let textKeys = ["generated_critique", "generated_critiques", "critique", "response", "output", "text"]
  private static let numberKeys = ["prediction", "predictions", "pred", "answer_step"]
  private static let scoreKeys = ["step_scores", "scores", "rewards"]

  private static func answers(_ root: JSONView) throws(RecordError) -> [WrittenAnswer]? {
    for key in textKeys {
      guard let value = root.value(forKey: key), !value.isNull else { continue }
      if value.kind == .string { return [.text(WrittenText(value))] }
      if value.kind == .array {
        var texts: [WrittenAnswer] = []
        for element in value.elements {
          if element.kind == .string || element.isNull {
            texts.append(.text(WrittenText(element)))
          } else {
            throw RecordError("\(key)[\(texts.count)] must be a string, not \(element.kind.word)")
          }
        }
        return texts
      }
      throw RecordError("\(key) must be a string or a list of strings, not \(value.kind.word)")
    }
    if let steps = root["predicted_error_steps"], steps.kind == .array {
      var numbers: [Int] = []
      for element in steps.elements {
        guard let number = element.int, (1...stepNumbers.upperBound).contains(number) else {
          throw RecordError("predicted_error_steps must hold steps' numbers from 1")
        }
        numbers.append(number)
      }
      return [.errorSteps(numbers)]
    }
    for key in scoreKeys {
      guard let value = root.value(forKey: key), !value.isNull else { continue }
      // PRMBench's result files keep the lists in an object.
      let list = value.kind == .object ? value["step_level_validity_labels"] ?? value : value
      if let scores = try scores(list, key) { return [.scores(scores)] }
    }
    for key in numberKeys {
      guard let value = root.value(forKey: key) else { continue }
      return try self.list(value, key)
    }
    return nil
  }

  private static func scores(_ list: JSONView, _ name: String) throws(RecordError) -> [Double]? {
    guard list.kind == .array else { throw RecordError("\(name) must be a list with a number for each step") }
    var scores: [Double] = []
    for element in list.elements {
      guard let score = element.double ?? element.bool.map({ $0 ? 1 : 0 }), score.isFinite else {
        throw RecordError("\(name)[\(scores.count)] must be a number or true or false, not \(element.kind.word)")
      }
      scores.append(score)
    }
    return scores
  }

  private static func list(_ value: JSONView, _ name: String) throws(RecordError) -> [WrittenAnswer] {
    guard value.kind == .array else { return [try answer(value, name)] }
    var answers: [WrittenAnswer] = []
    for element in value.elements { answers.append(try answer(element, name)) }
    return answers
  }

  private static func answer(_ value: JSONView, _ name: String) throws(RecordError) -> WrittenAnswer {
    if value.isNull { return .none }
    if let number = number(value) { return .number(number) }
    throw RecordError("\(name) must be a step's number, -1 or null, not \(value.shown)")
  }

  private static func number(_ value: JSONView) -> Int? {
    (value.int ?? value.string.flatMap { ReferenceBox.integer($0) }).flatMap { stepNumbers.contains($0) ? $0 : nil }
  }

  /// Beyond nine digits nothing is a step, as in boxes.
  private static let stepNumbers = -999_999_999...999_999_999
}
