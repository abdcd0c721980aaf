/// Tells keys that are pressed from text that is pasted without being marked as a paste.
enum KeyBurst {
  /// Milliseconds between two keys: nobody presses them faster.
  static let gap: Int32 = 3
  /// As many characters may come at once: from a slow line, or from keys pressed while the program was busy.
  static let most = 8
  /// As many events are waited for.
  static let limit = 65536

  /// Makes a burst of the keys in what came at once, where too many characters are among them.
  static func found(in events: [InputEvent]) -> [InputEvent] {
    guard events.count(where: \.isCharacter) > most else { return events }
    var keys: [Key] = []
    var others: [InputEvent] = []
    for event in events { if case .key(let key) = event { keys.append(key) } else { others.append(event) } }
    return [.burst(keys)] + others
  }
}

extension InputEvent {
  var isCharacter: Bool { if case .key(.character) = self { true } else { false } }
}
