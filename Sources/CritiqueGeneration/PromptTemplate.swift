import Formatting
import Foundation
import Hashing
import ModelRuns

/// Something that a prompt template may ask to be filled in, written `{{name}}`.
public enum PromptField: String, Sendable, Hashable, CaseIterable {
  /// The problem's text.
  case problem
  /// All steps, each as "Step i: …", with blank lines between.
  case solution
  /// All steps, each in a tag with its number from 0: `<paragraph_0>` (ProcessBench).
  case paragraphs
  /// The text of the step under examination.
  case step
  /// Its 1-based number in the solution.
  case stepNumber = "step_number"
  /// How many steps the solution has.
  case stepCount = "step_count"
  /// The initial critique used for the step.
  case initialCritique = "initial_critique"
  /// The deep critique used for the step.
  case deepCritique = "deep_critique"
  /// A critic's text about the whole solution.
  case critique
  /// The steps before the first wrong one, numbered; empty when that is the first.
  case keptSteps = "kept_steps"
}

/// What a template is for.
public enum PromptPurpose: String, Sendable, Hashable, CaseIterable {
  case initial
  case deep
  case merged
  /// The user turn of training examples, reinforcement learning and evaluation.
  case critic
  /// The same in ProcessBench's protocol: paragraphs in tags, counted from 0.
  case paragraphs
  /// Solving a problem step by step, for rollouts.
  case solver
  /// Rewriting from the first error, after a critique.
  case refiner

  /// Fields without which the prompt cannot do its work.
  var required: Set<PromptField> {
    switch self {
    case .initial: [.problem, .stepNumber]
    case .deep: [.problem, .stepNumber, .initialCritique]
    case .merged: [.problem, .stepNumber, .initialCritique, .deepCritique]
    case .critic: [.problem, .solution]
    case .paragraphs: [.problem, .paragraphs]
    case .solver: [.problem]
    case .refiner: [.problem, .critique]
    }
  }

  /// Fields that have a value for this purpose.
  var available: Set<PromptField> {
    switch self {
    case .initial: [.problem, .solution, .step, .stepNumber, .stepCount]
    case .deep: [.problem, .solution, .step, .stepNumber, .stepCount, .initialCritique]
    case .merged: [.problem, .solution, .step, .stepNumber, .stepCount, .initialCritique, .deepCritique]
    case .critic: [.problem, .solution, .stepCount]
    case .paragraphs: [.problem, .paragraphs, .solution, .stepCount]
    case .solver: [.problem]
    case .refiner: [.problem, .solution, .critique, .keptSteps, .stepNumber, .stepCount]
    }
  }
}

/// A prompt with named places: turns headed by `[system]`, `[user]` or `[assistant]` on a line of their own, and
/// `{{name}}` for each field (``PromptField``). Text before the first heading is the user's turn.
///
/// Other double braces stay as they are, since LaTeX has them (`{{-1}}`); values are put in once and never read as a
/// template, so that nothing in a dataset can act as one.
public struct PromptTemplate: Sendable, Hashable {
  /// One turn of the conversation.
  public struct Turn: Sendable, Hashable {
    /// Who speaks: "system", "user" or "assistant".
    public var role: String
    var pieces: [Piece]
  }

  enum Piece: Sendable, Hashable {
    case text(String)
    case field(PromptField)
  }

  /// The file's text.
  public let text: String
  /// SHA-256 of the text, 32 bytes: the identity stored with every critique.
  public let hash: [UInt8]
  /// The hash in lowercase hexadecimal digits, as people and files carry it.
  public var hexadecimalHash: String { Hex.string(hash) }
  /// The turns in order.
  public let turns: [Turn]

  /// Reads a template.
  ///
  /// - Parameter file: named in errors.
  /// - Throws: ``PromptError`` for a field that is unknown, has no value for this purpose, or is missing.
  public init(_ text: String, purpose: PromptPurpose, file: String) throws(PromptError) {
    self.text = text
    hash = Array(SHA256.hash(data: Array(text.utf8)))
    var turns: [Turn] = []
    var lines: [Substring] = []
    var role = "user"
    var start = 1
    var fields: Set<PromptField> = []
    func finish() throws(PromptError) {
      let body = lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
      // The blank lines cut off at the beginning count for line numbers.
      let skipped = lines.prefix { $0.allSatisfy(\.isWhitespace) }.count
      lines = []
      guard !body.isEmpty else { return }
      let pieces = try Self.pieces(of: body, purpose: purpose, file: file, line: start + skipped)
      for case .field(let field) in pieces { fields.insert(field) }
      turns.append(Turn(role: role, pieces: pieces))
    }
    let normal = text.replacing("\r\n", with: "\n")
    for (index, line) in normal.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let heading = line.trimmingCharacters(in: .whitespaces)
      if ["[system]", "[user]", "[assistant]"].contains(heading) {
        try finish()
        role = String(heading.dropFirst().dropLast())
        start = index + 2
      } else {
        lines.append(line)
      }
    }
    try finish()
    self.turns = turns
    guard turns.contains(where: { $0.role == "user" }) else {
      throw PromptError(description: "\(file): there is no [user] turn; write the request under a line '[user]'.")
    }
    let missing = purpose.required.subtracting(fields).map { "{{\($0.rawValue)}}" }.sorted()
    guard missing.isEmpty else {
      throw PromptError(
        description: "\(file): a prompt for \(purpose.rawValue) must hold \(missing.joined(separator: " and ")).")
    }
  }

  /// The turns with values put in, as pieces that only have to be put together.
  ///
  /// - Parameter value: called for each field of the template.
  public func pieces(_ value: (PromptField) -> [Substring]) -> [(role: String, pieces: [Substring])] {
    turns.map { turn in
      (
        turn.role,
        turn.pieces.flatMap { piece in
          switch piece {
          case .text(let text): [Substring(text)]
          case .field(let field): value(field)
          }
        }
      )
    }
  }

  /// The turns with values put in.
  ///
  /// - Parameter value: called for each field of the template.
  public func filled(_ value: (PromptField) -> String) -> [(role: String, content: String)] {
    turns.map { turn in
      var content = ""
      for piece in turn.pieces {
        switch piece {
        case .text(let text): content += text
        case .field(let field): content += value(field)
        }
      }
      return (turn.role, content)
    }
  }

  private static func pieces(
    of body: String, purpose: PromptPurpose, file: String, line first: Int
  ) throws(PromptError) -> [Piece] {
    var pieces: [Piece] = []
    var rest = body[...]
    var pending = ""
    while let open = rest.range(of: "{{") {
      let after = rest[open.upperBound...]
      let name = after.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
      guard !name.isEmpty, after[name.endIndex...].hasPrefix("}}") else {
        // Not ours, for example LaTeX; the second brace may begin a field ("{{{step}}}").
        pending += rest[..<rest.index(after: open.lowerBound)]
        rest = rest[rest.index(after: open.lowerBound)...]
        continue
      }
      guard let field = PromptField(rawValue: String(name)), purpose.available.contains(field) else {
        let line = first + body[..<open.lowerBound].count { $0 == "\n" }
        let known = PromptField.allCases.filter(purpose.available.contains).map { "{{\($0.rawValue)}}" }
        throw PromptError(
          description: "\(file):\(line): {{\(name)}} has no value in a prompt for \(purpose.rawValue); known are "
            + known.joined(separator: ", ") + ".")
      }
      pending += rest[..<open.lowerBound]
      if !pending.isEmpty { pieces.append(.text(pending)) }
      pending = ""
      pieces.append(.field(field))
      rest = after[name.endIndex...].dropFirst(2)
    }
    pending += rest
    if !pending.isEmpty { pieces.append(.text(pending)) }
    return pieces
  }
}

/// A template that cannot be used.
public struct PromptError: Error, Sendable, Hashable, CustomStringConvertible {
  /// File, line and remedy.
  public let description: String
}
