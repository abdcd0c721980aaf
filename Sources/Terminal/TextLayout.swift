/// A run of text in one style.
public struct Span: Hashable, Sendable {
  /// The text.
  public var text: String
  /// How it looks.
  public var style: Style

  /// A run from its parts.
  public init(_ text: String, style: Style = .plain) {
    self.text = text
    self.style = style
  }
}

/// Breaking text into lines.
public enum TextLayout {
  /// Wraps text to a number of columns.
  ///
  /// Newlines stay line ends, a paragraph's indentation continues on its further lines, blanks at a break disappear,
  /// and a word longer than a line is broken between characters. The lines are safe to draw. A width below 1 counts as
  /// 1; there a wide character still gets a line of its own, which a canvas then clips.
  public static func wrap(_ text: String, width: Int) -> [String] {
    wrap([Span(text)], width: width).map { line in line.map(\.text).joined() }
  }

  /// Wraps styled text. See `wrap(_:width:)`.
  public static func wrap(_ spans: [Span], width: Int) -> [[Span]] {
    let width = max(1, width)
    var lines: [[Span]] = []
    var paragraph: [Piece] = []
    for (index, span) in spans.enumerated() {
      for character in TextSafety.block(span.text) {
        if character == "\n" {
          lines += wrapParagraph(paragraph, spans: spans, width: width)
          paragraph.removeAll(keepingCapacity: true)
        } else {
          paragraph.append(Piece(character: character, width: DisplayWidth.of(character), span: index))
        }
      }
    }
    return lines + wrapParagraph(paragraph, spans: spans, width: width)
  }

  private struct Piece {
    var character: Character
    var width: Int
    var span: Int
    var isBlank: Bool { character == " " }
  }

  private static func wrapParagraph(_ pieces: [Piece], spans: [Span], width: Int) -> [[Span]] {
    guard !pieces.isEmpty else { return [[]] }
    let leading = pieces.prefix { $0.isBlank }.count
    if leading == pieces.count { return [[]] }
    // Indentation that would leave too little room is not repeated.
    let indent = leading <= width / 2 ? leading : 0
    var lines: [[Span]] = []
    var start = leading <= width / 2 ? 0 : leading
    var isFirst = true
    while start < pieces.count {
      var column = isFirst ? 0 : indent
      var end = start
      var breakAt: Int?  // where the line may end
      var resume = start  // where the next one then begins
      while end < pieces.count {
        let piece = pieces[end]
        if piece.isBlank, end >= leading || !isFirst {
          if end > start, !pieces[end - 1].isBlank { breakAt = end }
          resume = end + 1
        } else if end > start, piece.width == 2 || pieces[end - 1].width == 2, !pieces[end - 1].isBlank {
          // Around ideographs there is no blank to break at.
          breakAt = end
          resume = end
        }
        // A blank may hang over the edge; it is dropped there.
        if column + piece.width > width, !piece.isBlank { break }
        column += piece.width
        end += 1
      }
      var lineEnd = end
      var next = end
      if end < pieces.count {
        if let breakAt, breakAt > start {
          lineEnd = breakAt
          next = resume
        } else {
          lineEnd = max(end, start + 1)
          next = lineEnd
        }
      }
      while lineEnd > start, pieces[lineEnd - 1].isBlank { lineEnd -= 1 }
      while next < pieces.count, pieces[next].isBlank { next += 1 }
      lines.append(line(pieces[start..<lineEnd], spans: spans, indent: isFirst ? 0 : indent))
      start = next
      isFirst = false
    }
    return lines
  }

  private static func line(_ pieces: ArraySlice<Piece>, spans: [Span], indent: Int) -> [Span] {
    var result: [Span] = indent > 0 ? [Span(String(repeating: " ", count: indent))] : []
    var current = -1
    for piece in pieces {
      if piece.span == current {
        result[result.count - 1].text.append(piece.character)
      } else {
        current = piece.span
        result.append(Span(String(piece.character), style: spans[current].style))
      }
    }
    return result
  }
}
