import DeepCriticCore
import MathText
import Terminal

/// Lays out a text that grows: what cannot change any more is laid out once, so that a frame costs the same however long the
/// text is. A formula is shown as source until it closes.
final class StreamedText {
  private var width = 0
  private var isSource = false
  /// Bytes of the text that are laid out for good, and their lines.
  private var settled = 0
  private var lines: [TextLine] = []
  private let isASCII: Bool

  /// A paragraph longer than this many bytes is settled piece by piece.
  private static let longest = 8192

  /// Puts words for signs into a part that is settled.
  private let words: (String) -> String

  init(isASCII: Bool, words: @escaping (String) -> String = { $0 }) {
    self.isASCII = isASCII
    self.words = words
  }

  /// The lines of the text that has arrived; it must begin as it did before, or ``forget()`` must be called.
  func lines(_ text: String, width: Int, source: Bool) -> [TextLine] {
    if width != self.width || source != isSource || settled > text.utf8.count {
      forget()
      self.width = width
      isSource = source
    }
    var tail = text.utf8[text.utf8.index(text.startIndex, offsetBy: settled)...]
    if let end = settledEnd(Substring(tail)) {
      let part = String(Substring(tail[..<end]))
      append(part)
      settled += part.utf8.count
      tail = tail[end...]
    }
    return lines + tailLines(String(Substring(tail)))
  }

  func forget() {
    settled = 0
    lines = []
  }

  /// The end of what will not change: a blank line before which every formula is closed.
  private func settledEnd(_ tail: Substring) -> String.Index? {
    var end: String.Index?
    if let blank = tail.range(of: "\n\n", options: .backwards) { end = blank.upperBound }
    if end == nil || tail.utf8.distance(from: end ?? tail.startIndex, to: tail.endIndex) > Self.longest,
      tail.utf8.count > Self.longest
    {
      end = tail.lastIndex { $0 == "\n" || $0 == " " }.map { tail.index(after: $0) }
    }
    guard var end else { return nil }
    if let open = MathText.openFormula(in: String(tail[..<end])) {
      let offset = tail[..<end].utf8.distance(from: tail.startIndex, to: end)
      // An opening that never closes must not hold everything up.
      if offset > 4 * Self.longest { return end }
      let kept = String(tail[..<end])[..<open]
      guard let blank = kept.range(of: "\n\n", options: .backwards) else { return nil }
      end = tail.utf8.index(tail.startIndex, offsetBy: kept.utf8.distance(from: kept.startIndex, to: blank.upperBound))
    }
    return end
  }

  private func append(_ part: String) {
    lines += layout(isSource ? part : words(part))
    let newlines = part.reversed().prefix { $0 == "\n" }.count
    lines += Array(repeating: [], count: max(min(newlines, 2) - 1, 0))
  }

  private func layout(_ text: String) -> [TextLine] {
    ReadableText.lines(text, width: width, mode: isSource ? .source : .rendered, ascii: isASCII)
  }

  /// What is still being written, with an open formula as source behind it.
  private func tailLines(_ tail: String) -> [TextLine] {
    guard !isSource, let open = MathText.openFormula(in: tail) else { return layout(tail) }
    let before = String(tail[..<open])
    var out = layout(before)
    if before.hasSuffix("\n") || out.isEmpty {
      out.append([])
    } else if before.hasSuffix(" ") {
      out[out.count - 1].append(TextRun(text: " "))
    }
    var column = out[out.count - 1].reduce(0) { $0 + DisplayWidth.of($1.text) }
    for word in TextSafety.block(String(tail[open...])).split(whereSeparator: \.isWhitespace) {
      let words = TextLayout.wrap(String(word), width: max(width, 1))
      for part in words {
        let wide = DisplayWidth.of(part)
        let gap = column > 0 && out[out.count - 1].last?.role == .mathSource ? 1 : 0
        if column + gap + wide > width, column > 0 {
          out.append([])
          column = 0
        } else if gap > 0 {
          out[out.count - 1].append(TextRun(text: " "))
          column += 1
        }
        out[out.count - 1].append(TextRun(text: part, role: .mathSource))
        column += wide
      }
    }
    return out
  }
}

extension ReadableText {
  /// The paragraphs of a live text that will not change any more, as lines to be read out, with words for its boxes.
  public static func spoken(_ text: LiveText, of stage: Stage?, unicode: Bool) -> [String] {
    var settled = text.text
    if !text.isOver {
      func cut(before place: String.Index) {
        settled = String(settled[..<(blank(before: place) ?? settled.startIndex)])
      }
      func blank(before place: String.Index) -> String.Index? {
        settled[..<place].range(of: "\n\n", options: .backwards)?.lowerBound
      }
      // The last box may be the answer; a formula may reach to the end.
      let hasLaterBox = blank(before: settled.endIndex).map { settled[$0...].contains("boxed{") } ?? true
      cut(before: settled.endIndex)
      if stage == nil, !hasLaterBox, let box = settled.range(of: "boxed{", options: .backwards) {
        cut(before: box.lowerBound)
      }
      if let open = MathText.openFormula(in: settled) { cut(before: open) }
    }
    let boxes: StageText.Boxes = stage == nil && text.phase == .done ? .answer : .judgements
    let glyphs: Glyphs = unicode ? .unicode : .ascii
    return plain(StageText.critique(settled, boxes, glyphs), width: 100_000, mode: .linear, ascii: !unicode)
  }

  /// A part of a solution, to be read out.
  public static func spoken(_ text: String, unicode: Bool) -> [String] {
    plain(StageText.words(text), width: 100_000, mode: .linear, ascii: !unicode)
  }
}

extension StyleRole {
  /// Mathematics as it was written.
  static let mathSource = StyleRole(rawValue: "mathSource")
}
