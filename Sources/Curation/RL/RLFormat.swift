import CritiqueModel
import JSON

/// The shapes in which prompts for reinforcement learning are written, one JSON object a line.
public enum RLFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// verl's columns: `data_source`, `prompt`, `ability`, `reward_model`, `extra_info`. The ground truth is a text.
  case verl
  /// TRL's: `prompt`, and columns that reach the reward function; the ground truth is a number.
  case trl
  /// Problem, steps and label for anything else.
  case jsonl

  /// What names the labels' source in rows.
  static func dataSource(_ source: RLSource) -> String { "deepcritic/\(source.rawValue)" }

  /// One row as a line, without the line end.
  func encode(_ solution: Solution, _ spec: RowSpec, _ maker: RowMaker, split: String) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("data_source")
      json.string(Self.dataSource(spec.rlSource))
      json.key("prompt")
      json.array { json in
        if let system = maker.system { Self.turn("system", system, &json) }
        Self.turn("user", maker.user(solution), &json)
      }
      switch self {
      case .verl:
        json.key("ability")
        json.string("math")
        json.key("reward_model")
        json.object { json in
          json.key("style")
          json.string("rule")
          json.key("ground_truth")
          json.string(String(spec.answer))
        }
        json.key("extra_info")
        json.object { json in
          json.key("index")
          json.int(spec.index)
          json.key("split")
          json.string(split)
          json.key("solution")
          json.string(spec.key)
          json.key("name")
          json.string(spec.name)
        }
      case .trl:
        json.key("ground_truth")
        json.int(spec.answer)
        json.key("solution")
        json.string(spec.key)
      case .jsonl:
        json.key("problem")
        json.string(solution.problem)
        json.key("steps")
        json.array { json in for step in solution.steps { json.string(step.text) } }
        json.key("first_error")
        json.int(spec.answer)
        json.key("solution")
        json.string(spec.key)
        json.key("name")
        json.string(spec.name)
      }
    }
    return json.bytes
  }

  private static func turn(_ role: String, _ content: String, _ json: inout JSONWriter) {
    json.object { json in
      json.key("role")
      json.string(role)
      json.key("content")
      json.string(content)
    }
  }
}
