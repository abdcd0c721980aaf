/// Mathematics written in Unicode inside a formula.
enum UnicodeInput {
  /// The node of one character beyond ASCII.
  static func node(_ text: String) -> MathNode {
    guard let scalar = text.unicodeScalars.first else { return .space(0) }
    switch scalar.value {
    case 0xA0, 0x2002...0x200A, 0x202F, 0x205F, 0x3000: return .space(1)
    case 0..<0x20, 0x7F...0x9F, 0xAD, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
      return .space(0)
    case 0x2061...0x2064: return .space(0)
    case 0x2010, 0x2011, 0x2012, 0x2212, 0xFE63, 0xFF0D: return .symbol("−", .binary)
    case 0x2044, 0x2215: return .symbol("/", .slash)
    case 0x2217: return .symbol("*", .binary)
    case 0x22C5: return .symbol("·", .binary)
    case 0x2223: return .symbol("|", .relation)
    case 0x2032: return .symbol("′", .postfix)
    case 0x2211: return .bigOperator("∑", limits: true)
    case 0x220F: return .bigOperator("∏", limits: true)
    case 0x22C3: return .bigOperator("⋃", limits: true)
    case 0x22C2: return .bigOperator("⋂", limits: true)
    case 0x222B...0x2230: return .bigOperator(text, limits: false)
    case 0x2126: return .letter("Ω", .plain)
    case 0xB5: return .letter("μ", .plain)
    default: break
    }
    if let c = text.first {
      if let plain = Scripts.raised[c] { return script(plain, up: true) }
      if let plain = Scripts.lowered[c] { return script(plain, up: false) }
      if Symbols.kinds[text] == nil, c.isLetter { return .letter(text, .plain) }
    }
    return .symbol(text, Symbols.kind(of: text))
  }

  /// A raised or lowered character: a script whose base the row supplies.
  private static func script(_ plain: Character, up: Bool) -> MathNode {
    let text = String(plain)
    let node: MathNode =
      plain.isNumber ? .number(text) : plain.isLetter ? .letter(text, .plain) : .symbol(text, Symbols.kind(of: text))
    return .script(.empty, sub: up ? nil : node, sup: up ? node : nil, limits: false)
  }

  /// Adds a character to a row. A raised or lowered one is the script of what precedes it.
  static func append(_ item: MathNode, to list: inout [MathNode]) {
    guard case .script(let base, let sub, let sup, false) = item, base == .empty, let last = list.last else {
      list.append(item)
      return
    }
    switch last {
    case .script(let inner, let oldSub, let oldSup, let limits):
      if let sup {
        list[list.count - 1] = .script(inner, sub: oldSub, sup: join(oldSup, sup), limits: limits)
      } else if let sub {
        list[list.count - 1] = .script(inner, sub: join(oldSub, sub), sup: oldSup, limits: limits)
      }
    case .letter, .number, .fence, .bigOperator, .function, .symbol(_, .close), .symbol(_, .bar), .text:
      list[list.count - 1] = .script(last, sub: sub, sup: sup, limits: false)
    default: list.append(item)
    }
  }

  /// The index of a root written as a character; √ has none.
  static let rootIndices: [String: MathNode?] = ["√": MathNode?.none, "∛": .number("3"), "∜": .number("4")]

  /// √ written as a character takes the number or letter after it.
  static func roots(_ list: [MathNode]) -> [MathNode] {
    var result: [MathNode] = []
    for item in list {
      if case .symbol(let sign, _)? = result.last, let index = rootIndices[sign] {
        switch item {
        case .number, .letter:
          result[result.count - 1] = .root(index: index, item)
          continue
        default: break
        }
      }
      result.append(item)
    }
    return result
  }

  private static func join(_ old: MathNode?, _ new: MathNode) -> MathNode {
    guard let old else { return new }
    var list = old.items
    if case .number(let a)? = list.last, case .number(let b) = new {
      list[list.count - 1] = .number(a + b)
      return MathNode.of(list)
    }
    return MathNode.of(list + new.items)
  }
}
