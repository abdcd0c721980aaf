import Foundation
import Synchronization

/// Keys that this process knows: of the environment and of key files. They are sent where they belong, and shown, logged and
/// stored nowhere.
///
/// Servers and children repeat what they were given: in errors, logs and answers. Whatever they send back goes through
/// ``redacted(_:)`` before anything else sees it.
public enum Secrets {
  private static let known = Mutex<[String]?>(nil)

  /// Shown in place of a key.
  public static let mark = "‹key›"

  /// Shorter ones are words like "none" and "EMPTY", which servers without keys are given and which occur in any text.
  static let shortest = 8

  /// Remembers a key, so that it is redacted from now on.
  public static func remember(_ secret: String) {
    guard secret.utf8.count >= shortest else { return }
    known.withLock { known in
      var all = known ?? fromEnvironment()
      if !all.contains(secret) { all.append(secret) }
      // The longest first: a key may be the beginning of another.
      known = all.sorted { $0.utf8.count > $1.utf8.count }
    }
  }

  /// A text without the keys that are known.
  public static func redacted(_ text: String) -> String {
    var text = text
    for secret in all where text.utf8.count >= secret.utf8.count && text.contains(secret) {
      text = text.replacing(secret, with: mark)
    }
    return text
  }

  /// A message without known keys, and without any inside a URL: "https://user:key@host", "?api_key=…".
  public static func redactedMessage(_ text: String) -> String {
    var text = redacted(text)
    guard text.contains("@") || text.contains("=") else { return text }
    text = text.replacing(/:\/\/[^\/\s@'"]+@/, with: "://\(mark)@")
    return text.replacing(
      /([?&](?:api[-_]?key|key|token|access[-_]?token|secret|password|auth)=)[^&#\s'"]+/.ignoresCase()
    ) { "\($0.output.1)\(mark)" }
  }

  /// How many bytes at a text's end may be the beginning of a key: what arrives in pieces is kept back so far.
  public static func heldBack(_ text: String) -> Int {
    var most = 0
    for secret in all {
      let longest = min(secret.utf8.count - 1, text.utf8.count)
      guard longest > most else { continue }
      for count in stride(from: longest, to: most, by: -1)
      where text.utf8.suffix(count).elementsEqual(secret.utf8.prefix(count)) {
        most = count
        break
      }
    }
    return most
  }

  private static var all: [String] {
    known.withLock { known in
      if let known { return known }
      let all = fromEnvironment().sorted { $0.utf8.count > $1.utf8.count }
      known = all
      return all
    }
  }

  private static func fromEnvironment() -> [String] {
    ProcessInfo.processInfo.environment.filter { holdsSecret($0.key) && $0.value.utf8.count >= shortest }
      .map { $0.value.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { $0.utf8.count >= shortest }
  }

  /// Whether a variable of this name holds a secret, by its name.
  public static func holdsSecret(_ name: String) -> Bool {
    let name = name.uppercased()
    // Paths and switches are not secrets, whatever their names suggest.
    if ["_PATH", "_FILE", "_DIR", "_URL", "_MODE", "_PARALLELISM"].contains(where: name.hasSuffix) { return false }
    let parts = name.split(separator: "_")
    if parts.contains(where: {
      ["SECRET", "SECRETS", "PASSWORD", "PASSWD", "TOKEN", "APIKEY", "CREDENTIAL"].contains($0)
    }) {
      return true
    }
    return name.hasSuffix("_KEY") || name == "KEY" || name.hasPrefix("AWS_SECRET") || name.hasSuffix("_CREDENTIALS")
  }
}
