import CritiqueModel
import JSON

/// Chat examples for supervised fine-tuning: `messages` with a user turn that poses the solution and an assistant turn
/// that is the critique of the whole solution (stage `merged`, step 0).
///
/// DeepCritic's user turn has `<Problem>` and `<Solution>` blocks with "Step i:" before each step. The boundaries of
/// steps are the marks numbered 1, 2, 3 … in order at the start of a line, so a text that mentions "Step 2" is not cut
/// unless it starts a line with exactly the next number. Step texts are kept without the mark and the blank lines
/// between steps. The last boxed whole number of the assistant's turn is the first error (**1-based**, −1 for none).
/// A user turn that cannot be read so is kept whole as a problem without steps.
enum SFTMessages {
  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    guard let list = root["messages"], list.kind == .array else {
      throw root.misfit(.sft, needs: "a list of `messages`")
    }
    var user: String?
    var assistant: String?
    var index = 0
    for message in list.elements {
      let path = "messages[\(index)]."
      index += 1
      let role = try message.text("role", path)
      let content = try message.text("content", path)
      if role == "user", user == nil { user = content }
      if role == "assistant" { assistant = content }
    }
    guard let user else { throw RecordError("messages has no user turn") }
    guard let (problem, texts) = parse(user) else { return .problem(Solution(problem: user, steps: [])) }
    guard let assistant, !assistant.isEmpty else {
      return .solution(Solution(problem: problem, steps: texts.map { Step($0) }), critiques: [])
    }
    return .solution(
      Solution(problem: problem, steps: try steps(texts, assistant)),
      critiques: [Critique(stage: .merged, step: 0, text: assistant)])
  }

  private static func steps(_ texts: [String], _ assistant: String) throws(RecordError) -> [Step] {
    let boxes = JudgementParser.boxedContents(in: assistant)
    guard let first = boxes.lazy.reversed().compactMap({ Int($0.trimmed) }).first else { return texts.map { Step($0) } }
    guard first == -1 || (1...texts.count).contains(first) else {
      throw RecordError(
        "the assistant's last boxed number is \(first), but the solution has \(texts.count) steps (counted from 1)")
    }
    return FirstErrorLabels.steps(texts, firstError: first == -1 ? nil : first - 1)
  }

  /// The problem and the steps of a user turn; `nil` when it has no such blocks.
  static func parse(_ user: String) -> (problem: String, steps: [String])? {
    guard let problem = block("Problem", user, last: false), let solution = block("Solution", user, last: true) else {
      return nil
    }
    let steps = StepMarks.split(solution)
    return steps.isEmpty ? nil : (problem.trimmed, steps)
  }

  /// What stands between `<name>` and `</name>`. A solution may hold the words of its own end mark, so its last one
  /// counts.
  private static func block(_ name: String, _ text: String, last: Bool) -> Substring? {
    guard let open = text.firstRange(of: "<\(name)>") else { return nil }
    let rest = text[open.upperBound...]
    let close = last ? rest.ranges(of: "</\(name)>").last : rest.firstRange(of: "</\(name)>")
    guard let close else { return nil }
    return rest[..<close.lowerBound]
  }
}

/// Splitting at "Step 1:", "Step 2:", … as rollouts and SFT prompts write them.
enum StepMarks {
  /// The steps without their marks; empty when "Step 1:" does not start the text or a line of it.
  static func split(_ text: some StringProtocol) -> [String] {
    let bytes = Array(text.utf8)
    var starts: [(mark: Int, text: Int)] = []
    var i = 0
    var atLineStart = true
    while i < bytes.count {
      if atLineStart, let end = mark(starts.count + 1, bytes, i) {
        starts.append((i, end))
        i = end
        atLineStart = false
        continue
      }
      if bytes[i] == 0x0A {
        atLineStart = true
      } else if bytes[i] != 0x20, bytes[i] != 0x09, bytes[i] != 0x0D {
        atLineStart = false
      }
      i += 1
    }
    return starts.indices.map { k in
      let end = k + 1 < starts.count ? starts[k + 1].mark : bytes.count
      return String(decoding: bytes[starts[k].text..<end], as: UTF8.self).trimmed
    }
  }

  /// The offset after "Step n:" when that stands at `offset`.
  private static func mark(_ n: Int, _ bytes: [UInt8], _ offset: Int) -> Int? {
    guard bytes[offset] == UInt8(ascii: "S") else { return nil }
    let word = Array("Step \(n):".utf8)
    guard bytes[offset...].starts(with: word) else { return nil }
    return offset + word.count
  }
}
