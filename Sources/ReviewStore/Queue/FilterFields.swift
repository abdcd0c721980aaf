/// The conditions that filters of a workspace may have: the store's own and those of features.
public struct FilterFields: Sendable {
  /// Every field, in the order in which help lists them.
  public let all: [FilterField]
  private let byName: [String: FilterField]

  /// - Parameter contributed: the fields of features; one of a name that is there adds its values.
  init(_ contributed: [FilterField]) {
    var all = FilterField.own
    for field in contributed {
      if let place = all.firstIndex(where: { $0.name == field.name }) {
        all[place] = all[place].adding(field)
      } else {
        all.append(field)
      }
    }
    all += FilterField.aboutWords
    self.all = all
    byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The field with a name.
  public func named(_ name: String) -> FilterField? { byName[name] }

  /// The names that a typing error may have meant.
  func closest(to name: String) -> String? {
    all.map(\.name).first { $0.hasPrefix(name) || name.hasPrefix($0) }
      ?? all.map(\.name).first { known in
        let shared = zip(known, name).prefix { $0 == $1 }.count
        return shared >= 2 && abs(known.count - name.count) <= 2
      }
  }

  /// How the last term of a text that is being typed may continue, each as the whole text; names end in a colon.
  public func completions(of text: String) -> [String] {
    let start = text.lastIndex(of: " ").map(text.index(after:)) ?? text.startIndex
    var term = text[start...]
    var head = String(text[..<start])
    if term.hasPrefix("-") {
      head += "-"
      term = term.dropFirst()
    }
    guard let colon = term.firstIndex(of: ":") else {
      return all.filter { $0.name.hasPrefix(term) }.map {
        head + $0.name + ($0.isNumber && $0.values.isEmpty ? "" : ":")
      }
    }
    guard let field = named(String(term[..<colon])) else { return [] }
    let begun = term[term.index(after: colon)...]
    return field.values.filter { $0.hasPrefix(begun) }.map { head + field.name + ":" + $0 }
  }

  /// The text with its last term completed up to where there is more than one way to continue.
  public func completed(_ text: String) -> String {
    let ways = completions(of: text)
    guard let first = ways.first else { return text }
    // "lab" means "label:" although there is "label-changed:", too.
    if let shortest = ways.min(by: { $0.count < $1.count }), shortest.hasSuffix(":"), shortest.count > text.count,
      ways.allSatisfy({ $0.hasPrefix(shortest.dropLast()) })
    {
      return shortest
    }
    let shared = ways.dropFirst().reduce(first) { shared, next in
      String(zip(shared, next).prefix { $0 == $1 }.map(\.0))
    }
    return shared.count > text.count ? shared + (ways.count == 1 && !shared.hasSuffix(":") ? " " : "") : text
  }
}
