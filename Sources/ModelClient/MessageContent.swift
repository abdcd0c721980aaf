import JSON

/// The text of a message: a string, or a list of parts as `[{"type": "text", "text": …}]`.
struct MessageContent {
  var text = ""
  /// What parts of another kind say that the model thought.
  var reasoning: String?

  init(_ value: JSONView?) {
    guard let value else { return }
    switch value.kind {
    case .string: text = value.string ?? ""
    case .array: for part in value.elements { add(part) }
    case .object: add(value)
    default: break
    }
  }

  private mutating func add(_ part: JSONView) {
    if let words = part.string { return text += words }
    switch part["type"]?.string {
    case "thinking", "reasoning":
      let thoughts = MessageContent(part["thinking"] ?? part["reasoning"] ?? part["text"] ?? part["summary"]).text
      if !thoughts.isEmpty { reasoning = (reasoning ?? "") + thoughts }
    default: text += part["text"]?.string ?? part["text"]?["value"]?.string ?? part["refusal"]?.string ?? ""
    }
  }
}
