import CritiqueModel
import JSON

/// MR-GSM8K as published (dvlab-research/MR-GSM8K): `model_output_solution_first_error_step` is **1-based** or "N/A".
///
/// A solution said to be correct has every step rated +1; a wrong one has +1 before the first error and −1 on it; without
/// `model_output_solution_correctness` nothing is rated. Texts of steps keep their "Step N:".
enum MRGSM8K {
  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    guard root["question"] != nil, let output = root["model_output_steps"] else {
      throw root.misfit(.mrgsm8kOriginal, needs: "`question` and `model_output_steps`")
    }
    let texts = try texts(output)
    guard !texts.isEmpty else { throw RecordError("model_output_steps is empty") }
    return .solution(
      Solution(
        problem: try root.text("question"),
        referenceAnswer: try root.textOrNumber("ground_truth_answer"),
        referenceSolution: try root.optionalText("ground_truth_solution"),
        steps: try steps(texts, root),
        finalAnswerCorrect: try correctness(root["model_output_answer_correctness"], "model_output_answer_correctness"),
        sourceID: try root.textOrNumber("uuid")),
      critiques: [])
  }

  private static func steps(_ texts: [String], _ root: JSONView) throws(RecordError) -> [Step] {
    let name = "model_output_solution_first_error_step"
    let isCorrect = try correctness(
      root["model_output_solution_correctness"], "model_output_solution_correctness")
    var first: Int?
    if let value = root["model_output_solution_first_error_step"], !value.isNull {
      let text = value.string?.trimmed
      first = value.int ?? text.flatMap { Int($0) }
      guard first != nil || text == "N/A" || text == "" else {
        throw RecordError("\(name) must be a 1-based step or \"N/A\", not \(value.shown)")
      }
    }
    switch (isCorrect, first) {
    case (nil, nil): return texts.map { Step($0) }
    case (true, nil): return FirstErrorLabels.steps(texts, firstError: nil)
    case (true, .some(let step)):
      throw RecordError("the solution is said to be correct, but \(name) is \(step)")
    case (false, nil): throw RecordError("the solution is said to be wrong, but \(name) gives no step")
    case (_, .some(let step)):
      guard step >= 1, step <= texts.count else {
        throw RecordError("\(name) is \(step), but the solution has \(texts.count) steps (counted from 1)")
      }
      return FirstErrorLabels.steps(texts, firstError: step - 1)
    }
  }

  private static func correctness(_ value: JSONView?, _ name: String) throws(RecordError) -> Bool? {
    guard let value, !value.isNull else { return nil }
    if let bool = value.bool { return bool }
    switch value.string?.trimmed.lowercased() {
    case "correct": return true
    case "wrong", "incorrect": return false
    case "", "n/a": return nil
    default: throw RecordError("\(name) must be \"correct\" or \"wrong\", not \(value.shown)")
    }
  }

  /// A list of texts; or one text: Python's spelling of a list, or a step per line.
  private static func texts(_ output: JSONView) throws(RecordError) -> [String] {
    if output.kind == .array { return try output.texts("model_output_steps") }
    guard let text = output.string else {
      throw RecordError("model_output_steps must be a list or a text, not \(output.kind.word)")
    }
    if let list = PythonList.texts(text) { return list }
    return text.split(separator: "\n").map(String.init).filter { !$0.trimmed.isEmpty }
  }
}

/// Reads what Python prints for a list of strings: `['a', "it's"]`.
enum PythonList {
  /// The strings, or `nil` when the text is not such a list.
  static func texts(_ text: String) -> [String]? {
    let all = Array(text.trimmed.unicodeScalars)
    guard all.count >= 2, all.first == "[", all.last == "]" else { return nil }
    var texts: [String] = []
    var i = 1
    func skipSpace() { while i < all.count, all[i] == " " || all[i] == "\n" || all[i] == "\t" { i += 1 } }
    skipSpace()
    if i == all.count - 1 { return [] }
    while i < all.count {
      guard let item = string(all, &i) else { return nil }
      texts.append(item)
      skipSpace()
      guard i < all.count else { return nil }
      if all[i] == "]" { return i == all.count - 1 ? texts : nil }
      guard all[i] == "," else { return nil }
      i += 1
      skipSpace()
      if i == all.count - 1, all[i] == "]" { return texts }
    }
    return nil
  }

  private static func string(_ all: [UnicodeScalar], _ i: inout Int) -> String? {
    guard i < all.count, all[i] == "'" || all[i] == "\"" else { return nil }
    let quote = all[i]
    i += 1
    var out = String.UnicodeScalarView()
    while i < all.count {
      let c = all[i]
      i += 1
      if c == quote { return String(out) }
      guard c == "\\" else {
        out.append(c)
        continue
      }
      guard i < all.count else { return nil }
      let e = all[i]
      i += 1
      switch e {
      case "n": out.append("\n")
      case "t": out.append("\t")
      case "r": out.append("\r")
      case "\\", "'", "\"": out.append(e)
      case "x", "u", "U":
        let length = e == "x" ? 2 : e == "u" ? 4 : 8
        guard i + length <= all.count else { return nil }
        let digits = String(String.UnicodeScalarView(all[i..<(i + length)]))
        guard let value = UInt32(digits, radix: 16), let scalar = UnicodeScalar(value) else { return nil }
        out.append(scalar)
        i += length
      default:
        // Python keeps the backslash of an escape it does not know.
        out.append(c)
        out.append(e)
      }
    }
    return nil
  }
}

extension StringProtocol {
  /// Without ASCII white space at its ends.
  var trimmed: String {
    let isSpace = { (c: UnicodeScalar) in c == " " || c == "\n" || c == "\r" || c == "\t" }
    var scalars = Substring(self).unicodeScalars
    while let c = scalars.first, isSpace(c) { scalars.removeFirst() }
    while let c = scalars.last, isSpace(c) { scalars.removeLast() }
    return String(scalars)
  }
}
