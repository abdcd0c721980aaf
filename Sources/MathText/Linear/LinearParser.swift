/// Why a linear form could not be read.
public enum LinearFormError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A bracket of a script or root is not closed.
  case unclosedBracket(after: String)

  /// A sentence for a person.
  public var description: String {
    switch self {
    case .unclosedBracket(let sign): return "The bracket after “\(sign)” is never closed."
    }
  }
}

/// Reads the linear form back.
enum LinearParser {
  static func parse(_ text: String) throws -> MathNode {
    var items: [Canonical.Item] = []
    try lex(Array(text), &items)
    return Canonical.build(items)
  }

  /// Reads text inside a formula; what cannot be read is taken character by character.
  static func lex(_ text: String, _ out: inout [Canonical.Item]) {
    let before = out.count
    do {
      var items: [Canonical.Item] = []
      try lex(Array(text), &items)
      out.append(contentsOf: items)
    } catch {
      out.removeSubrange(before...)
      for c in text where c != " " { out.append(Canonical.Item(sign: String(c))) }
    }
  }

  /// Two or more letters that are not a function.
  static func isPlainWord(_ word: String) -> Bool {
    var count = 0
    for c in word {
      if !c.isLetter { return false }
      count += 1
    }
    return count > 1 && !Symbols.functionNames.contains(word)
  }

  private static func isWordLetter(_ c: Character) -> Bool {
    c.isLetter && Scripts.raised[c] == nil && Scripts.lowered[c] == nil && Marks.trailing(c) == nil
  }

  private static func lex(_ text: [Character], _ out: inout [Canonical.Item]) throws {
    var at = 0
    var spaced = false
    func flag() -> Bool {
      defer { spaced = false }
      return spaced
    }
    while at < text.count {
      let c = text[at]
      if let mark = Marks.trailing(c), let accent = Marks.accent(of: mark) {
        var covered: [Character] = []
        while at < text.count, Marks.trailing(text[at]) == mark {
          covered.append(Marks.dropping(text[at]))
          at += 1
        }
        var items: [Canonical.Item] = []
        try lex(covered, &items)
        out.append(Canonical.Item(.accent(accent, Canonical.build(items), label: nil), spaced: flag()))
        continue
      }
      if c == " " {
        spaced = true
        at += 1
        continue
      }
      if c.isASCII, c.isNumber || (c == "." && at + 1 < text.count && isDigit(text[at + 1])) {
        let digits = number(text, &at)
        out.append(Canonical.Item(.number(digits), spaced: flag()))
        continue
      }
      if let primes = c == "′" ? 1 : c == "″" ? 2 : c == "‴" ? 3 : nil {
        at += 1
        let marks = Array(repeating: Canonical.Item(sign: "′"), count: primes)
        attach(marks, up: true, spaced: spaced, &out)
        _ = flag()
        continue
      }
      if Scripts.raised[c] != nil || Scripts.lowered[c] != nil {
        let up = Scripts.raised[c] != nil
        let table = up ? Scripts.raised : Scripts.lowered
        var plain: [Character] = []
        while at < text.count, let letter = table[text[at]] {
          plain.append(letter)
          at += 1
        }
        var items: [Canonical.Item] = []
        try lex(plain, &items)
        attach(items, up: up, spaced: spaced, &out)
        _ = flag()
        continue
      }
      if isWordLetter(c) {
        var word = ""
        while at < text.count, isWordLetter(text[at]) {
          word.append(text[at])
          at += 1
        }
        out.append(Canonical.Item(.text(word), spaced: flag()))
        continue
      }
      if c == "^" || c == "_", at + 1 < text.count, text[at + 1] != " " {
        at += 1
        var items: [Canonical.Item] = []
        if text[at] != "(" {
          try bareScript(text, &at, &items)
        } else {
          try lex(inner(text, &at, after: c), &items)
        }
        attach(items, up: c == "^", spaced: spaced, &out)
        _ = flag()
        continue
      }
      if c == "√" || c == "∛" || c == "∜", at + 1 < text.count, let body = try radicand(text, &at) {
        let index: MathNode? = c == "√" ? nil : .number(c == "∛" ? "3" : "4")
        out.append(Canonical.Item(.root(index: index, Canonical.stripped(body)), spaced: flag()))
        continue
      }
      at += 1
      out.append(Canonical.Item(sign: String(c), spaced: flag()))
    }
  }

  private static func isDigit(_ c: Character) -> Bool { c.isASCII && c.isNumber }

  private static func number(_ text: [Character], _ at: inout Int) -> String {
    var digits = ""
    var hasPoint = false
    while at < text.count {
      if isDigit(text[at]) {
        digits.append(text[at])
      } else if text[at] == ".", !hasPoint, at + 1 < text.count, isDigit(text[at + 1]) {
        hasPoint = true
        digits.append(".")
      } else {
        break
      }
      at += 1
    }
    return digits
  }

  private static func bareScript(_ text: [Character], _ at: inout Int, _ items: inout [Canonical.Item]) throws {
    if isDigit(text[at]) {
      items.append(Canonical.Item(.number(number(text, &at))))
    } else if isWordLetter(text[at]) {
      items.append(Canonical.Item(.text(String(text[at]))))
      at += 1
    } else {
      items.append(Canonical.Item(sign: String(text[at])))
      at += 1
    }
  }

  /// The contents of the parentheses at `at`.
  private static func inner(_ text: [Character], _ at: inout Int, after sign: Character) throws -> [Character] {
    var level = 0
    var index = at
    while index < text.count {
      if text[index] == "(" { level += 1 }
      if text[index] == ")" {
        level -= 1
        if level == 0 {
          let body = Array(text[(at + 1)..<index])
          at = index + 1
          return body
        }
      }
      index += 1
    }
    throw LinearFormError.unclosedBracket(after: String(sign))
  }

  /// What a root sign at `at` covers; nil when nothing follows that it could.
  private static func radicand(_ text: [Character], _ at: inout Int) throws -> MathNode? {
    var index = at + 1
    if text[index] == "(" {
      var items: [Canonical.Item] = []
      try lex(inner(text, &index, after: text[at]), &items)
      at = index
      return Canonical.build(items)
    }
    if isDigit(text[index]) || (text[index] == "." && index + 1 < text.count && isDigit(text[index + 1])) {
      let digits = number(text, &index)
      at = index
      return .number(digits)
    }
    guard isWordLetter(text[index]) else { return nil }
    var word = ""
    while index < text.count, isWordLetter(text[index]) {
      word.append(text[index])
      index += 1
    }
    at = index
    return .text(word)
  }

  /// Scripts belong to what stands directly before them; after a blank or an opening bracket to nothing.
  private static func attach(_ items: [Canonical.Item], up: Bool, spaced: Bool, _ out: inout [Canonical.Item]) {
    var free = spaced || out.isEmpty
    if let last = out.last, case .symbol(_, .open) = last.node { free = true }
    if free { out.append(Canonical.Item(.empty, spaced: spaced)) }
    let index = out.count - 1
    if up {
      out[index].sup = (out[index].sup ?? []) + items
    } else {
      out[index].sub = (out[index].sub ?? []) + items
    }
  }
}
