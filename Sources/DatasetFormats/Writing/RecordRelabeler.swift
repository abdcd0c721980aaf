import CritiqueModel
import JSON

/// Writes other labels into a record and leaves everything else as it is, unknown keys included.
public enum RecordRelabeler {
  /// The formats whose records can be relabelled.
  public static let formats: [DatasetFormat] = [.prm800k, .processbench, .mrgsm8k, .mrgsm8kOriginal, .prmbench]

  /// The bytes of the record with the ratings of a solution.
  ///
  /// - Parameters:
  ///   - record: JSON of one record that holds one solution.
  ///   - solution: what it holds, with the ratings to write.
  /// - Throws: `RecordError` where the format cannot say what the labels say.
  public static func relabel(
    _ record: [UInt8], as format: DatasetFormat, _ solution: Solution
  ) throws(RecordError) -> [UInt8] {
    let root: JSONView
    do { root = try JSONDocument(parsing: record).root } catch { throw RecordError("the record is not JSON: \(error)") }
    switch format {
    case .prm800k: return prm800k(root, solution)
    case .processbench, .mrgsm8k:
      let first = try known(solution, format)
      return replacing(root, ["label": { $0.int(first == -1 ? -1 : first - 1) }])
    case .mrgsm8kOriginal:
      let first = try known(solution, format)
      return replacing(
        root,
        [
          "model_output_solution_correctness": { $0.string(first == -1 ? "correct" : "wrong") },
          "model_output_solution_first_error_step": { json in
            if first == -1 { json.string("N/A") } else { json.int(first) }
          },
        ])
    case .prmbench:
      _ = try known(solution, format)
      return replacing(
        root,
        [
          "error_steps": { json in
            json.array { json in
              for (index, rating) in solution.ratings.enumerated() where rating == .incorrect { json.int(index + 1) }
            }
          }
        ])
    default:
      throw RecordError(
        "labels cannot be written into a record of \(format.title)",
        remedy: "Choose one of " + formats.map(\.rawValue).joined(separator: ", ") + ".")
    }
  }

  private static func known(_ solution: Solution, _ format: DatasetFormat) throws(RecordError) -> Int {
    guard let first = solution.firstError.boxed else {
      throw RecordError(
        "the first error is not known, and a record of \(format.title) has to name it",
        remedy: "Rate every step, or the first wrong one.")
    }
    return first
  }

  private typealias Writer = (inout JSONWriter) -> Void

  /// An object with other values for some keys; a key that it lacks is added at the end.
  private static func replacing(_ object: JSONView, _ values: [String: Writer]) -> [UInt8] {
    var json = JSONWriter(capacity: object.raw.count)
    replace(object, values, &json)
    return json.bytes
  }

  private static func replace(_ object: JSONView, _ values: [String: Writer], _ json: inout JSONWriter) {
    json.object { json in
      var missing = values
      for (key, value) in object.members {
        json.key(key)
        if let write = missing.removeValue(forKey: key) { write(&json) } else { json.raw(value.raw) }
      }
      for (key, write) in missing.sorted(by: { $0.key < $1.key }) {
        json.key(key)
        write(&json)
      }
    }
  }

  // MARK: PRM800K

  private static func prm800k(_ root: JSONView, _ solution: Solution) -> [UInt8] {
    guard let label = root["label"] else { return Array(root.raw) }
    return replacing(
      root,
      [
        "label": { json in
          replace(
            label,
            [
              "steps": { steps(label["steps"], solution, &$0) },
              "finish_reason": { $0.string(PRM800KEncoder.finishReason(solution)?.rawValue) },
            ], &json)
        }
      ])
  }

  private static func steps(_ list: JSONView?, _ solution: Solution, _ json: inout JSONWriter) {
    var index = 0
    json.array { json in
      if let list, list.kind == .array {
        for element in list.elements {
          if index < solution.steps.count, element.kind == .object {
            step(element, solution.steps[index].rating, &json)
          } else {
            json.raw(element.raw)
          }
          index += 1
        }
      }
      // Labels beyond those of the record: their texts are among the pre-generated steps.
      let last = solution.steps.lastIndex { $0.rating != nil } ?? -1
      while index <= last {
        PRM800KEncoder.write(solution.steps[index], isLast: index == last, &json)
        index += 1
      }
    }
  }

  /// The rating of the completion on the solution's path, which is the one that reading takes.
  private static func step(_ step: JSONView, _ rating: Rating?, _ json: inout JSONWriter) {
    let chosen = step["chosen_completion"]?.int
    if chosen == nil, let human = step["human_completion"], human.kind == .object {
      replace(step, ["human_completion": { replace(human, ["rating": { $0.int(rating?.rawValue) }], &$0) }], &json)
      return
    }
    guard let completions = step["completions"], completions.count > 0 else {
      json.raw(step.raw)
      return
    }
    replace(
      step,
      [
        "completions": { json in
          json.array { json in
            for (index, completion) in completions.elements.enumerated() {
              if index == chosen ?? 0, completion.kind == .object {
                replace(completion, ["rating": { $0.int(rating?.rawValue) }], &json)
              } else {
                json.raw(completion.raw)
              }
            }
          }
        }
      ], &json)
  }
}
