import DeepCriticCore
import Foundation

/// Decisions as JSON Lines, one object per line: `solution` (number, name or key), `step` where it is about one, and one of
/// `verdict` (-1, 0, 1, a word, or null to clear it), `flag` (true or false), `comment` (text) and `tag` ("x", or "-x" to
/// clear it).
enum DecisionLines {
  /// Reads every line before anything is decided.
  ///
  /// - Parameters:
  ///   - path: a file, or "-" for standard input.
  ///   - key: the one key that lines may have, by command.
  /// - Throws: ``CommandError`` naming file, line and what is wrong.
  static func read(_ path: String, key: String, _ opened: Workspace) throws -> [ReviewDecision] {
    let isInput = path == "-"
    let data: [UInt8]
    do { data = try Input.bytes(path) } catch {
      throw CommandError("\(error) Name a file of JSON Lines, or - for standard input.")
    }
    var decisions: [ReviewDecision] = []
    for (index, bytes) in data.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      do { decisions.append(try decision(Array(bytes), key: key, opened)) } catch {
        throw CommandError(
          "\(isInput ? "standard input" : path), line \(index + 1): \(error) Nothing was decided.")
      }
    }
    if decisions.isEmpty { throw CommandError("\(isInput ? "standard input" : path): there is no decision in it.") }
    return decisions
  }

  private static func decision(_ bytes: [UInt8], key: String, _ opened: Workspace) throws -> ReviewDecision {
    let root: JSONView
    do { root = try JSONDocument(parsing: bytes).root } catch { throw CommandError("not JSON: \(Clause.of(error)).") }
    guard root.kind == .object else { throw CommandError("a line must be an object.") }
    if let other = root.keys.first(where: { !["solution", "step", key].contains($0) }) {
      throw CommandError("unknown key '\(other)'; use solution, step and \(key).")
    }
    guard let named = root["solution"], let solution = named.string ?? named.int.map({ String($0) }) else {
      throw CommandError("'solution' must be a number or a name.")
    }
    guard let value = root.value(forKey: key) else { throw CommandError("'\(key)' is missing.") }
    let row = try opened.rows([opened.solutionID(matching: solution)], reviewer: "").first
    guard let row else { throw WorkspaceError.noSuchSolution(solution) }
    var step = 0
    if let given = root["step"], !given.isNull {
      guard let number = given.int, number >= 0, number <= row.stepCount else {
        throw CommandError("'step' must be a whole number up to \(row.stepCount), the steps of '\(row.name)'.")
      }
      step = number
    }
    return ReviewDecision(solution: row.key, step: step, try decision(value, key: key, step: step))
  }

  private static func decision(_ value: JSONView, key: String, step: Int) throws -> Decision {
    switch key {
    case "verdict":
      guard step > 0 else { throw CommandError("'step' is missing: a verdict is about one, counted from 1.") }
      if value.isNull { return .clearVerdict }
      guard let rating = (value.string ?? value.int.map { String($0) }).flatMap(Rating.init(argument:)) else {
        throw CommandError("'verdict' must be correct, neutral, incorrect, 1, 0, -1 or null.")
      }
      return .verdict(rating)
    case "flag":
      guard let isOn = value.bool else { throw CommandError("'flag' must be true or false.") }
      return .flag(isOn)
    case "comment":
      guard let text = value.string, !text.allSatisfy(\.isWhitespace) else {
        throw CommandError("'comment' must be a string.")
      }
      return .comment(text)
    default:
      let name = value.string ?? ""
      let isOn = !name.hasPrefix("-")
      guard step == 0, let tag = Tag(isOn ? name : String(name.dropFirst())) else {
        throw CommandError("'tag' must be \(Tag.rule); 'step' goes without it.")
      }
      return .tag(tag, isOn: isOn)
    }
  }
}
