import CritiqueModel
import DatasetFormats
import JSON

/// The shapes in which supervised examples are written, one JSON object a line.
public enum SFTFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// `messages`: a list of turns, as TRL and verl take it.
  case messages
  /// `prompt` and `completion`, each a list of turns: TRL then trains on the completion alone.
  case promptCompletion = "prompt-completion"
  /// `conversations` of `human` and `gpt` with a column `system`, and a `dataset_info.json`: LLaMA-Factory.
  case sharegpt
  /// `messages` and nothing else, as OpenAI's fine-tuning takes it.
  case openai
  /// The authors' `messages` with problem, steps, labels and the solution's key beside them.
  case deepcritic

  /// One row as a line, without the line end.
  func encode(_ row: RowParts, _ solution: Solution, _ spec: RowSpec) -> [UInt8] {
    // Room for the texts, and one byte in eight for escapes.
    let texts = row.byteCount
    var json = JSONWriter(capacity: texts + texts / 8 + 256)
    json.object { json in
      switch self {
      case .messages, .openai: Self.messages(row, &json)
      case .promptCompletion:
        json.key("prompt")
        json.array { json in
          if let system = row.system { Self.turn("system", [Substring(system)], &json) }
          Self.turn("user", row.user, &json)
        }
        json.key("completion")
        json.array { Self.turn("assistant", row.assistant, &$0) }
      case .sharegpt:
        json.key("conversations")
        json.array { json in
          Self.turn("human", row.user, &json, role: "from", content: "value")
          Self.turn("gpt", row.assistant, &json, role: "from", content: "value")
        }
        json.key("system")
        json.string(row.system ?? "")
      case .deepcritic:
        Self.messages(row, &json)
        json.key("problem")
        json.string(solution.problem)
        json.key("steps")
        json.array { json in
          for (index, step) in solution.steps.enumerated() {
            json.object { json in
              json.key("step_index")
              json.int(index + 1)
              json.key("text")
              json.string(step.text)
              json.key("rating")
              json.int(spec.ratings.indices.contains(index) ? spec.ratings[index].map { Int($0) } : nil)
            }
          }
        }
        json.key("first_error")
        json.int(row.answer)
        json.key("solution")
        json.string(spec.key)
      }
    }
    return json.bytes
  }

  private static func messages(_ row: RowParts, _ json: inout JSONWriter) {
    json.key("messages")
    json.array { json in
      if let system = row.system { turn("system", [Substring(system)], &json) }
      turn("user", row.user, &json)
      turn("assistant", row.assistant, &json)
    }
  }

  private static func turn(
    _ role: String, _ content: [Substring], _ json: inout JSONWriter, role roleKey: String = "role",
    content contentKey: String = "content"
  ) {
    json.object { json in
      json.key(roleKey)
      json.string(role)
      json.key(contentKey)
      json.string { for piece in content { $0.add(piece) } }
    }
  }

  /// LLaMA-Factory's description of the files; `nil` for a shape that it does not read.
  func datasetInfo(files: [(split: String, name: String)]) -> [UInt8]? {
    if self == .promptCompletion { return nil }
    var json = JSONWriter()
    json.object { json in
      for file in files {
        json.key("deepcritic_\(file.split)")
        json.object { json in
          json.key("file_name")
          json.string(file.name)
          json.key("formatting")
          json.string("sharegpt")
          json.key("columns")
          json.object { json in
            json.key("messages")
            json.string(self == .sharegpt ? "conversations" : "messages")
            if self == .sharegpt {
              json.key("system")
              json.string("system")
            }
          }
          guard self != .sharegpt else { return }
          json.key("tags")
          json.object { json in
            for (key, value) in [
              ("role_tag", "role"), ("content_tag", "content"), ("user_tag", "user"), ("assistant_tag", "assistant"),
              ("system_tag", "system"),
            ] {
              json.key(key)
              json.string(value)
            }
          }
        }
      }
    }
    return json.bytes
  }
}

/// The shapes in which step labels are written.
public enum PRMFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// PRM800K lines with the resolved labels. A record whose labels are as they came is written as it came.
  case prm800k
  /// TRL's stepwise supervision: `prompt`, `completions`, `labels`, up to the first error.
  case trlStepwise = "trl-stepwise"

  /// One row as a line, without the line end; `nil` when the shape cannot hold it.
  func encode(_ solution: Solution, _ spec: RowSpec, raw: [UInt8]?) throws -> [UInt8]? {
    switch self {
    case .prm800k:
      if let raw, spec.sources == nil {
        return raw.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
      }
      var labelled = solution
      for index in labelled.steps.indices {
        let rating = spec.ratings.indices.contains(index) ? spec.ratings[index] : nil
        labelled.steps[index].completion.rating = rating.flatMap { Rating(rawValue: Int($0)) }
      }
      labelled.finishReason = nil
      if let names = spec.labelers { labelled.labeler = names }
      return try RecordEncoder.encode(labelled, critiques: [], as: .prm800k)
    case .trlStepwise:
      let count = spec.answer > 0 ? spec.answer : solution.steps.count
      var labels: [Bool] = []
      for index in 0..<count {
        guard spec.ratings.indices.contains(index), let rating = spec.ratings[index] else { return nil }
        labels.append(rating >= 0)
      }
      var json = JSONWriter()
      json.object { json in
        json.key("prompt")
        json.string(solution.problem)
        json.key("completions")
        json.array { json in
          for step in solution.steps.prefix(count) { json.string(step.text) }
        }
        json.key("labels")
        json.array { json in
          for label in labels { json.bool(label) }
        }
      }
      return json.bytes
    }
  }
}
