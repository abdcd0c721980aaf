import Terminal

/// What a screen shows at one moment: cells, and where the cursor stands.
///
/// Rows that do not change from frame to frame share their storage, so that a long film takes little memory.
public struct Frame: Hashable, Sendable {
  /// A place on the screen; the first is (0, 0).
  public struct Position: Hashable, Sendable {
    /// Column.
    public var x: Int
    /// Row.
    public var y: Int
  }

  /// Columns and rows.
  public let size: Size
  /// One array per row, one cell per column.
  public internal(set) var rows: [[Cell]]
  /// Where the cursor stands; nil when it is hidden.
  public internal(set) var cursor: Position?

  static let blank = Cell(grapheme: " ", style: .plain, width: 1)

  /// A blank screen without a cursor.
  public init(size: Size) {
    self.size = size
    rows = Array(repeating: Array(repeating: Self.blank, count: size.width), count: size.height)
  }

  /// What a canvas shows.
  ///
  /// - Parameter previous: a frame whose rows are used again where they are the same.
  public init(_ canvas: Canvas, after previous: Frame? = nil) {
    size = canvas.size
    let known = previous?.size == canvas.size ? previous?.rows : nil
    rows = (0..<canvas.size.height).map { y in
      let row = canvas.row(y)
      if let known, known[y] == row { return known[y] }
      return row
    }
    if let cursor = canvas.cursor, Rect(canvas.size).holds(cursor.x, cursor.y) {
      self.cursor = Position(x: cursor.x, y: cursor.y)
    }
  }

  /// The same at the top left of a screen that is at least as large.
  public func filled(to size: Size) -> Frame {
    guard size != self.size else { return self }
    var frame = Frame(size: size)
    for (y, row) in rows.enumerated() { frame.rows[y].replaceSubrange(..<row.count, with: row) }
    frame.cursor = cursor
    return frame
  }

  /// The text: one line per row, trailing blanks left out.
  public var lines: [String] {
    rows.map { row in
      let end = row.lastIndex { $0.grapheme != " " } ?? -1
      return row[..<(end + 1)].map(\.grapheme).joined()
    }
  }

  /// The text with colours and attributes as SGR sequences; each line ends in the terminal's own look.
  public var ansiLines: [String] {
    rows.map { row in
      let end = row.lastIndex { $0 != Self.blank } ?? -1
      var line = ""
      var style = Style.plain
      for cell in row[..<(end + 1)] where cell.width > 0 {
        if cell.style != style { line += ANSIText.sequence(cell.style) }
        style = cell.style
        line += cell.grapheme
      }
      return style == .plain ? line : line + ANSIText.sequence(.plain)
    }
  }
}

extension Rect {
  fileprivate func holds(_ x: Int, _ y: Int) -> Bool { x >= self.x && x < maxX && y >= self.y && y < maxY }
}

/// A frame and when it was shown.
public struct TimedFrame: Hashable, Sendable {
  /// Milliseconds since the beginning.
  public var at: Int
  /// What was shown.
  public var frame: Frame
}

/// What was on a screen over some time, frame by frame.
public struct Film: Hashable, Sendable {
  /// The frames in order; never two equal ones in a row.
  public private(set) var frames: [TimedFrame] = []
  /// When it ends, in milliseconds: the last frame may stay a while.
  public private(set) var duration = 0

  /// A film without frames.
  public init() {}

  /// Adds what a screen shows from a time on. A frame at the same time as the one before takes its place.
  public mutating func add(_ frame: Frame, at: Int) {
    let at = max(at, frames.last?.at ?? 0)
    duration = max(duration, at)
    if frames.last?.at == at, !frames.isEmpty { frames.removeLast() }
    if frames.last?.frame != frame { frames.append(TimedFrame(at: at, frame: frame)) }
  }

  /// Lets the last frame stay until a time.
  public mutating func end(at: Int) { duration = max(duration, at) }

  /// The place of the frame shown at a time; the first one before it begins.
  public func index(at milliseconds: Int) -> Int { max(0, (frames.lastIndex { $0.at <= milliseconds }) ?? 0) }

  /// The size that has room for every frame.
  public var size: Size {
    Size(width: frames.map(\.frame.size.width).max() ?? 0, height: frames.map(\.frame.size.height).max() ?? 0)
  }

  /// The same with times that are multiples of some milliseconds: of frames in the same stretch the last one is left. Each
  /// is shown for one stretch at least.
  public func inTicks(of length: Int) -> Film {
    var film = Film()
    for entry in frames { film.add(entry.frame, at: entry.at / length * length) }
    film.end(at: max((duration + length - 1) / length * length, (film.frames.last?.at ?? 0) + length))
    return film
  }

  /// The same with other times.
  ///
  /// - Parameters:
  ///   - speed: how many times as fast; more than 0.
  ///   - idleLimit: the longest pause in milliseconds, before it is played faster; nil leaves pauses as they are.
  public func timed(speed: Double = 1, idleLimit: Int? = nil) -> Film {
    var film = Film()
    var now = 0
    var before = 0
    func pass(to time: Int) -> Int {
      let pause = min(time - before, idleLimit ?? .max)
      before = time
      now += pause
      return Int(saturating: (Double(now) / speed).rounded())
    }
    for entry in frames { film.add(entry.frame, at: pass(to: entry.at)) }
    film.end(at: pass(to: max(duration, before)))
    return film
  }
}
