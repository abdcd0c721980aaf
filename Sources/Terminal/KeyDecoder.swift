/// Turns the terminal's bytes into keys and pastes.
///
/// Bytes are decoded here rather than by `wget_wch` for three reasons: an escape sequence nobody knows must be swallowed
/// whole and not fall apart into keys that decide something; a paste must stay what it was, byte for byte; and the same
/// bytes must mean the same under every `TERM`, so they can be tested without one.
struct KeyDecoder {
  /// Sequences terminfo knows for this terminal, in addition to the built-in ones.
  var sequences: [[UInt8]: Key] = [:]
  /// Whether what is done with the mouse is reported; otherwise its sequences are swallowed.
  var reportsPointer = false

  /// Bytes of one paste that are kept; the rest is read and dropped.
  static let pasteLimit = 1 << 20
  /// Longest sequence held back while it is incomplete.
  private static let sequenceLimit = 4096

  private var pending: [UInt8] = []
  private var paste: [UInt8]?
  private static let pasteEnd: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

  enum Waiting {
    case nothing
    /// A lone escape: the key, unless more follows at once.
    case escape
    /// A sequence or character has begun.
    case sequence
    /// A paste has not ended.
    case paste
    /// A lone escape in a paste: the way out of it, unless the rest of its end follows at once.
    case escapeInPaste
  }

  var waiting: Waiting {
    if paste != nil { return pending == [0x1B] ? .escapeInPaste : .paste }
    if pending.isEmpty { return .nothing }
    return pending == [0x1B] ? .escape : .sequence
  }

  /// Takes bytes and returns the events they complete.
  mutating func feed(_ bytes: some Collection<UInt8>) -> [InputEvent] {
    // A paste whose end got lost must not hold the keys for ever: Ctrl-C alone gets out, and so does Escape.
    if paste != nil, bytes.count == 1, bytes.first == 0x03 { return endPaste() }
    pending += bytes
    return drain(final: false)
  }

  /// Says that nothing more followed: an incomplete sequence is what it is.
  mutating func timeout() -> [InputEvent] {
    switch waiting {
    case .escapeInPaste:
      pending = []
      return endPaste()
    case .paste: return []
    default: return drain(final: true)
    }
  }

  private mutating func endPaste() -> [InputEvent] {
    let text = String(decoding: paste ?? [], as: UTF8.self)
    paste = nil
    return [.paste(text)]
  }

  private mutating func drain(final: Bool) -> [InputEvent] {
    var events: [InputEvent] = []
    var index = 0
    while index < pending.count {
      if paste != nil {
        guard collectPaste(&index) else { break }
        events += endPaste()
        continue
      }
      switch parse(pending[index...], final: final) {
      case .event(let key, let length):
        if let key { events.append(.key(key)) }
        index += length
      case .pointer(let pointer, let length):
        events.append(.pointer(pointer))
        index += length
      case .pasteBegins(let length):
        paste = []
        index += length
      case .incomplete:
        pending.removeFirst(index)
        return events
      }
    }
    pending.removeFirst(min(index, pending.count))
    return events
  }

  /// Moves paste bytes over; true when the end was found. Holds back what may be the beginning of the end.
  private mutating func collectPaste(_ index: inout Int) -> Bool {
    var start = index
    while index < pending.count {
      guard pending[index] == 0x1B else {
        index += 1
        continue
      }
      let rest = pending[index...].prefix(Self.pasteEnd.count)
      if rest.elementsEqual(Self.pasteEnd) {
        keep(pending[start..<index])
        index += Self.pasteEnd.count
        return true
      }
      if rest.count < Self.pasteEnd.count, Self.pasteEnd.starts(with: rest) {
        keep(pending[start..<index])
        return false
      }
      index += 1
    }
    keep(pending[start..<index])
    start = index
    return false
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    let room = Self.pasteLimit - (paste?.count ?? 0)
    paste?.append(contentsOf: bytes.prefix(max(0, room)))
  }

  // MARK: One key

  private enum Parsed {
    case event(Key?, length: Int)
    case pointer(PointerEvent, length: Int)
    case pasteBegins(length: Int)
    case incomplete
  }

  private func parse(_ bytes: ArraySlice<UInt8>, final: Bool) -> Parsed {
    guard let first = bytes.first else { return .incomplete }
    switch first {
    case 0x1B: return escape(bytes, final: final)
    case 0x00: return .event(.control(" "), length: 1)
    case 0x08, 0x7F: return .event(.backspace, length: 1)
    case 0x09: return .event(.tab, length: 1)
    case 0x0A, 0x0D: return .event(.enter, length: 1)
    case 0x01...0x1A: return .event(.control(Character(Unicode.Scalar(first + 0x60))), length: 1)
    case 0x1C...0x1F: return .event(.control(Character(Unicode.Scalar(first + 0x40))), length: 1)
    case 0x20..<0x7F: return .event(.character(Character(Unicode.Scalar(first))), length: 1)
    default: return character(bytes, final: final) { .character($0) }
    }
  }

  private func character(_ bytes: ArraySlice<UInt8>, final: Bool, skip: Int = 0, make: (Character) -> Key) -> Parsed {
    let rest = bytes.dropFirst(skip)
    guard let first = rest.first else { return .incomplete }
    let length = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
    let continuation = rest.dropFirst().prefix(length - 1).prefix { $0 & 0xC0 == 0x80 }.count
    if continuation < length - 1, rest.count <= continuation + 1, !final { return .incomplete }
    let text = String(decoding: rest.prefix(continuation + 1), as: UTF8.self)
    let used = skip + continuation + 1
    // Bytes that are not text, and C1 controls, are not keys.
    guard let scalar = text.unicodeScalars.first, scalar != "\u{FFFD}", scalar.value >= 0xA0 else {
      return .event(nil, length: used)
    }
    return .event(make(Character(scalar)), length: used)
  }

  private func escape(_ bytes: ArraySlice<UInt8>, final: Bool) -> Parsed {
    guard bytes.count > 1 else { return final ? .event(.escape, length: 1) : .incomplete }
    if let (sequence, key) = longestKnown(bytes) { return .event(key, length: sequence) }
    let second = bytes[bytes.startIndex + 1]
    switch second {
    case 0x1B:
      // Escape pressed twice, or rxvt's alt-arrow: the first is a key of its own.
      return .event(.escape, length: 1)
    case 0x5B: return controlSequence(bytes, final: final)
    case 0x4F: return singleShift(bytes, final: final)
    case 0x5D, 0x50, 0x58, 0x5E, 0x5F: return stringSequence(bytes, introducer: second, final: final)
    case 0x0D, 0x0A: return .event(.alt("\r"), length: 2)
    case 0x7F, 0x08: return .event(.control("w"), length: 2)
    case 0x20..<0x7F: return .event(.alt(Character(Unicode.Scalar(second))), length: 2)
    case 0x80...: return character(bytes, final: final, skip: 1) { .alt($0) }
    default: return .event(.escape, length: 1)
    }
  }

  private func longestKnown(_ bytes: ArraySlice<UInt8>) -> (Int, Key)? {
    var length = min(bytes.count, 12)
    while length > 1 {
      if let key = sequences[Array(bytes.prefix(length))] { return (length, key) }
      length -= 1
    }
    return nil
  }

  /// ESC O x: keypad and function keys.
  private func singleShift(_ bytes: ArraySlice<UInt8>, final: Bool) -> Parsed {
    guard bytes.count > 2 else { return final ? .event(.alt("O"), length: 2) : .incomplete }
    let third = bytes[bytes.startIndex + 2]
    switch third {
    case 0x4D: return .event(.enter, length: 3)
    case 0x6A...0x79:
      let digits: [Character] = ["*", "+", ",", "-", ".", "/", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
      return .event(.character(digits[Int(third) - 0x6A]), length: 3)
    case 0x20..<0x7F: return .event(Self.letterKey(third, modifier: 1), length: 3)
    default: return .event(.alt("O"), length: 2)
    }
  }

  /// ESC [ … final: parameters, then a byte from @ to ~.
  private func controlSequence(_ bytes: ArraySlice<UInt8>, final: Bool) -> Parsed {
    // The Linux console's F1–F5 are ESC [ [ A–E.
    let body = bytes.dropFirst(2)
    if body.first == 0x5B {
      guard let letter = body.dropFirst().first else { return final ? .event(.alt("["), length: 2) : .incomplete }
      return .event((0x41...0x45).contains(letter) ? .function(Int(letter) - 0x40) : nil, length: 4)
    }
    guard let endIndex = body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
      if body.isEmpty, final { return .event(.alt("["), length: 2) }
      return final || bytes.count > Self.sequenceLimit ? .event(nil, length: bytes.count) : .incomplete
    }
    let length = endIndex - bytes.startIndex + 1
    let ending = bytes[endIndex]
    // Broken off by a control character: forget the sequence, keep the character.
    guard (0x40...0x7E).contains(ending) else { return .event(nil, length: length - 1) }
    let parameters = body[..<endIndex]
    let isMouse = parameters.first == 0x3C
    guard let numbers = Self.numbers(isMouse ? parameters.dropFirst() : parameters) else {
      return .event(nil, length: length)
    }
    if isMouse { return mouse(numbers, ending: ending, length: length) }
    let first = numbers.first ?? 0
    let modifier = numbers.count > 1 ? numbers[1] : 1
    switch ending {
    case 0x7E:
      if first == 200 { return .pasteBegins(length: length) }
      if first == 27, numbers.count > 2 { return .event(Self.modified(numbers[2], modifier), length: length) }
      return .event(Self.tildeKey(first), length: length)
    case 0x75:
      return .event(Self.modified(first, modifier), length: length)
    default:
      return .event(Self.letterKey(ending, modifier: modifier), length: length)
    }
  }

  /// Numbers with semicolons between them, each without what is behind a colon; `nil` for other characters.
  private static func numbers(_ parameters: ArraySlice<UInt8>) -> [Int]? {
    guard parameters.allSatisfy({ (0x30...0x3B).contains($0) }) else { return nil }
    return parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map { part in
      part.prefix { $0 != 0x3A }.reduce(0) { min($0 * 10 + Int($1 - 0x30), 0x110000) }
    }
  }

  /// Replies of the terminal (OSC, DCS, APC …) up to BEL or ESC \: swallowed.
  private func stringSequence(_ bytes: ArraySlice<UInt8>, introducer: UInt8, final: Bool) -> Parsed {
    if bytes.count == 2 {
      return final ? .event(.alt(Character(Unicode.Scalar(introducer))), length: 2) : .incomplete
    }
    var index = bytes.startIndex + 2
    while index < bytes.endIndex {
      if bytes[index] == 0x07 { return .event(nil, length: index - bytes.startIndex + 1) }
      if bytes[index] == 0x1B, index + 1 < bytes.endIndex, bytes[index + 1] == 0x5C {
        return .event(nil, length: index - bytes.startIndex + 2)
      }
      index += 1
    }
    return final || bytes.count > Self.sequenceLimit ? .event(nil, length: bytes.count) : .incomplete
  }

  /// ESC [ < button ; column ; row, then M for down and m for up (SGR, mode 1006). Buttons: 0 the first, 32 moved with it,
  /// 64 and 65 the wheel; 4, 8 and 16 are modifiers.
  private func mouse(_ numbers: [Int], ending: UInt8, length: Int) -> Parsed {
    guard reportsPointer, numbers.count == 3 else { return .event(nil, length: length) }
    let kind: PointerEvent.Kind
    switch numbers[0] & ~0x1C {
    case 0 where ending == 0x4D: kind = .press
    case 0 where ending == 0x6D: kind = .release
    case 32 where ending == 0x4D: kind = .drag
    case 64 where ending == 0x4D: kind = .wheelUp
    case 65 where ending == 0x4D: kind = .wheelDown
    default: return .event(nil, length: length)
    }
    return .pointer(PointerEvent(kind, x: max(numbers[1] - 1, 0), y: max(numbers[2] - 1, 0)), length: length)
  }

  // MARK: Tables

  /// Modifiers are 1 + shift 1 + alt 2 + control 4.
  private static func letterKey(_ letter: UInt8, modifier: Int) -> Key? {
    let bits = max(0, modifier - 1)
    switch letter {
    case 0x41: return bits & 1 != 0 ? .shiftUp : .up
    case 0x42: return bits & 1 != 0 ? .shiftDown : .down
    // By word, under the name line editors know it by.
    case 0x43: return bits & 6 != 0 ? .alt("f") : .right
    case 0x44: return bits & 6 != 0 ? .alt("b") : .left
    case 0x46: return .end
    case 0x48: return .home
    case 0x50...0x53: return .function(Int(letter) - 0x4F)
    case 0x5A: return .backTab
    case 0x61: return .shiftUp
    case 0x62: return .shiftDown
    default: return nil
    }
  }

  private static func tildeKey(_ number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...24: .function(number - 12)
    default: nil
    }
  }

  /// A character with modifiers, as kitty's and xterm's extended protocols report it.
  private static func modified(_ code: Int, _ modifier: Int) -> Key? {
    let bits = max(0, modifier - 1)
    switch code {
    case 13: return bits & 2 != 0 ? .alt("\r") : .enter
    case 9: return bits & 1 != 0 ? .backTab : .tab
    case 27: return .escape
    case 8, 127: return .backspace
    default: break
    }
    guard code >= 0x20, let scalar = Unicode.Scalar(UInt32(code)), scalar.properties.generalCategory != .privateUse,
      !(0x7F...0x9F).contains(code)
    else { return nil }
    if bits & 4 != 0 { return Key("ctrl-\(scalar)") ?? (code == 0x20 ? .control(" ") : nil) }
    if bits & 2 != 0 { return .alt(Character(scalar)) }
    return .character(Character(scalar))
  }
}
