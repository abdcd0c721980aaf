import Foundation

/// Answers evaluation prompts: names the first step that is not true, or −1.
struct PlantedCritic {
  /// The problem's text.
  let problem: String
  /// The steps' texts, without their numbers.
  let steps: [String]
  /// Where answers count from.
  let base: Int

  /// Reads a prompt of either evaluation protocol; `nil` for any other.
  init?(_ request: ReceivedRequest) {
    let prompt = request.prompt
    if prompt.contains("<paragraph_0>\n") {
      base = 0
      problem = Self.trimmed(request.part("[Problem]\n\n", "\n\n[Solution]"))
      var steps: [String] = []
      var rest = prompt[...]
      while let open = rest.range(of: "<paragraph_\(steps.count)>\n"),
        let close = rest.range(of: "\n</paragraph_\(steps.count)>", range: open.upperBound..<rest.endIndex)
      {
        steps.append(Self.step(String(rest[open.upperBound..<close.lowerBound]), steps.count + 1))
        rest = rest[close.upperBound...]
      }
      self.steps = steps
    } else if prompt.contains("<Solution>\n") {
      base = 1
      problem = Self.trimmed(request.part("<Problem>\n", "\n</Problem>"))
      var steps: [String] = []
      var rest = request.part("<Solution>\n", "\n</Solution>")[...]
      while let open = rest.range(of: "Step \(steps.count + 1):") {
        rest = rest[open.upperBound...]
        let end = rest.range(of: "\n\nStep \(steps.count + 2):")?.lowerBound ?? rest.endIndex
        steps.append(Self.step(String(rest[..<end]), steps.count + 1))
        rest = rest[end...]
      }
      self.steps = steps
    } else {
      return nil
    }
  }

  /// A step as it is looked up: trimmed, without its own number.
  static func step(_ text: String, _ number: Int) -> String {
    let text = trimmed(text)
    return text.hasPrefix("Step \(number):") ? trimmed(String(text.dropFirst("Step \(number):".count))) : text
  }

  static func trimmed(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

  /// The number to write for a 1-based step, or −1.
  private func written(_ step: Int) -> Int { step > 0 ? step - 1 + base : -1 }

  /// A critique.
  ///
  /// - Parameters:
  ///   - number: chance, a function of the request and the choice.
  ///   - manner: how often it is right.
  func choice(
    _ number: UInt64, _ manner: ServerConfiguration.Manner, sentence: String, truth: (String, String) -> Bool
  ) -> Choice {
    let right = (steps.firstIndex { !truth(problem, $0) }).map { $0 + 1 } ?? -1
    let options = [-1] + (steps.isEmpty ? [] : Array(1...steps.count))
    let other = options.filter { $0 != right }.randomElement(number >> 8) ?? right
    let text = "Let me go through the steps. " + sentence
    let percent = number % 100
    switch manner {
    case .right: return answer(text, right)
    case .wrong: return answer(text, other)
    case .mixed where percent < 65: return answer(text, right)
    case .mixed where percent < 92: return answer(text, other)
    case .mixed where percent < 95: return Choice(text: text + " I cannot tell.")
    case .mixed where percent < 98: return Choice(text: text, finish: "length")
    case .mixed: return Choice(text: "")
    }
  }

  private func answer(_ text: String, _ step: Int) -> Choice {
    Choice(text: text + "\n\n**Answer**: \\boxed{\(written(step))}")
  }
}

extension Array {
  fileprivate func randomElement(_ number: UInt64) -> Element? {
    isEmpty ? nil : self[Int(number % UInt64(count))]
  }
}

/// How problem and step of an evaluation prompt are looked up.
public enum PlantedCriticText {
  /// Problem and step with a zero byte between.
  public static func key(_ problem: String, _ step: String, number: Int) -> String {
    PlantedCritic.trimmed(problem) + "\0" + PlantedCritic.step(step, number)
  }
}
