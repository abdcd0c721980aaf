/// Quantities, units and chemical formulas: what a line of characters can show of siunitx and mhchem.
extension LatexParser {
  /// `\SI{5}{\meter\per\second}`, `\num{1e5}`, `\ang{45}`, `\ce{H2O}`. What is beyond these tables stays source.
  mutating func quantity(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    position = start + 1
    if name == "qty", position < end, tokens[position].kind != .open { return sourceOnly(start) }
    _ = optional(end)
    guard let first = rawGroup(end) else { return sourceOnly(start) }
    var node: MathNode?
    switch name {
    case "num": node = Self.numeral(first)
    case "ang": node = Self.angle(first)
    case "ce": node = Self.chemical(first)
    case "unit", "si": node = Self.unit(first).map { MathNode.text($0) }
    default:
      if let second = rawGroup(end), let amount = Self.numeral(first), let unit = Self.unit(second) {
        node = .row([amount, .text(unit.hasPrefix("°") || unit == "%" ? unit : " " + unit)])
      }
    }
    if let node { return node }
    return .source(String(decoding: bytes[tokens[start].start..<tokens[position - 1].end], as: UTF8.self))
  }

  /// `1.5e-3` is 1.5×10⁻³.
  private static func numeral(_ source: String) -> MathNode? {
    let text = source.filter { $0 != " " }
    let parts = text.split(separator: "e", omittingEmptySubsequences: false)
    func number(_ part: Substring) -> MathNode? {
      let digits = part.drop { $0 == "-" || $0 == "+" }
      guard !digits.isEmpty, part.count - digits.count <= 1,
        digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") })
      else { return nil }
      let node = MathNode.number(String(digits))
      return part.hasPrefix("-") ? .row([.symbol("−", .binary), node]) : node
    }
    guard let mantissa = parts.first.flatMap(number) else { return nil }
    if parts.count == 1 { return mantissa }
    guard parts.count == 2, let exponent = number(parts[1]) else { return nil }
    let power = MathNode.script(.number("10"), sub: nil, sup: exponent, limits: false)
    return .row(mantissa.items + [.symbol("×", .binary), power])
  }

  /// `45` is 45°, `1;2;3` is 1°2′3″.
  private static func angle(_ source: String) -> MathNode? {
    let parts = source.filter { $0 != " " }.split(separator: ";", omittingEmptySubsequences: false)
    guard parts.count <= 3 else { return nil }
    var items: [MathNode] = []
    for (part, sign) in zip(parts, ["°", "′", "″"]) where !part.isEmpty {
      guard let number = numeral(String(part)) else { return nil }
      let mark = MathNode.symbol("′", .postfix)
      switch sign {
      case "°": items += number.items + [.symbol("°", .postfix)]
      case "′": items.append(.script(number, sub: nil, sup: mark, limits: false))
      default: items.append(.script(number, sub: nil, sup: .row([mark, mark]), limits: false))
      }
    }
    return items.isEmpty ? nil : .row(items)
  }

  /// `H2O`, `SO4^{2-}`, `2 H2 + O2 -> 2 H2O`.
  private static func chemical(_ source: String) -> MathNode? {
    var items: [MathNode] = []
    var rest = Substring(source)
    while let c = rest.first {
      rest.removeFirst()
      switch c {
      case " ": continue
      case "-" where rest.hasPrefix(">"):
        rest.removeFirst()
        items.append(.symbol("→", .relation))
      case "<" where rest.hasPrefix("=>"), "<" where rest.hasPrefix("->"):
        rest.removeFirst(2)
        items.append(.symbol("⇌", .relation))
      case "^", "_":
        var script: Substring
        if rest.hasPrefix("{"), let close = rest.firstIndex(of: "}") {
          script = rest[rest.index(after: rest.startIndex)..<close]
          rest = rest[rest.index(after: close)...]
        } else {
          script = rest.prefix { $0.isNumber || $0 == "+" || $0 == "-" }
          rest = rest.dropFirst(script.count)
        }
        guard let base = items.popLast(), !script.isEmpty else { return nil }
        attach(String(script), up: c == "^", to: base, &items)
      case _ where c.isASCII && c.isNumber:
        let digits = String(c) + rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count - 1)
        switch items.last {
        case .letter?, .symbol(")", _)?, .symbol("]", _)?:
          attach(digits, up: false, to: items.removeLast(), &items)
        default: items.append(.number(digits))
        }
      case _ where c.isASCII && c.isLetter:
        let small = rest.first.map { $0.isLowercase && $0.isASCII } ?? false
        items.append(.letter(String(c) + (small && c.isUppercase ? String(rest.removeFirst()) : ""), .roman))
      case "+", "=", "(", ")", "[", "]": items.append(.symbol(String(c), Symbols.kind(of: String(c))))
      default: return nil
      }
    }
    return items.isEmpty ? nil : .row(Brackets.pair(items))
  }

  private static func attach(_ script: String, up: Bool, to base: MathNode, _ items: inout [MathNode]) {
    let parts = script.map { c -> MathNode in
      c.isNumber ? .number(String(c)) : c == "-" ? .symbol("−", .binary) : .symbol(String(c), .binary)
    }
    let node = MathNode.of(parts)
    if case .script(let inner, let sub, let sup, _) = base {
      items.append(.script(inner, sub: up ? sub : node, sup: up ? node : sup, limits: false))
    } else {
      items.append(.script(base, sub: up ? nil : node, sup: up ? node : nil, limits: false))
    }
  }

  // MARK: Units

  /// A unit in siunitx's words (`\kilo\metre\per\second\squared`) or as it is written (`m/s`); `nil` if a word is new.
  private static func unit(_ source: String) -> String? {
    guard source.contains("\\") else {
      return source.contains("{") ? nil : source.replacing("~", with: " ").replacing(".", with: "·")
    }
    var result = ""
    var powerAhead = ""
    var isFirst = true
    var joinsNext = false
    for word in source.split(separator: "\\", omittingEmptySubsequences: true) {
      let name = word.trimmingBlanks
      if name == "per" {
        result += "/"
        joinsNext = true
      } else if let power = powersAfter[name] {
        result += power
      } else if let power = powersBefore[name] {
        powerAhead = power
      } else if let prefix = prefixes[name] {
        if !isFirst, !joinsNext { result += "·" }
        result += prefix
        joinsNext = true
      } else if let sign = units[name] {
        if !isFirst, !joinsNext { result += "·" }
        result += sign + powerAhead
        powerAhead = ""
        joinsNext = false
      } else {
        return nil
      }
      isFirst = false
    }
    return result.hasPrefix("/") ? "1" + result : result
  }

  private static let powersAfter = ["squared": "²", "cubed": "³"]
  private static let powersBefore = ["square": "²", "cubic": "³"]
  private static let prefixes = [
    "kilo": "k", "mega": "M", "giga": "G", "tera": "T", "hecto": "h", "deca": "da", "deci": "d", "centi": "c",
    "milli": "m", "micro": "µ", "nano": "n", "pico": "p",
  ]
  private static let units = [
    "meter": "m", "metre": "m", "second": "s", "gram": "g", "kilogram": "kg", "ampere": "A", "kelvin": "K",
    "mole": "mol",
    "candela": "cd", "hertz": "Hz", "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "volt": "V", "ohm": "Ω",
    "coulomb": "C", "farad": "F", "tesla": "T", "celsius": "°C", "degreeCelsius": "°C", "degree": "°", "percent": "%",
    "litre": "L", "liter": "L", "minute": "min", "hour": "h", "day": "d", "radian": "rad", "bar": "bar", "tonne": "t",
    "hectare": "ha", "mile": "mi", "inch": "in", "foot": "ft", "yard": "yd", "electronvolt": "eV", "kg": "kg", "m": "m",
    "s": "s", "km": "km", "cm": "cm", "mm": "mm", "g": "g", "N": "N", "J": "J", "W": "W", "h": "h",
  ]
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
