import CTerminal

/// The terminal, while the program owns it.
///
/// Main thread only: ncurses is not thread-safe and signals are answered here. If the process crashes, is
/// terminated, stopped or exits, the terminal is put back as it was.
public final class TerminalScreen {
  /// How many colours to use.
  public enum ColorMode: Sendable {
    /// What terminfo says; none when `NO_COLOR` is set and not empty.
    case auto
    /// Bold, dim, underline and reverse only.
    case never
    /// At most the palette's first sixteen.
    case sixteen
    /// Up to 256, where the terminal has them.
    case full
  }

  /// What the screen may use.
  public struct Options: Sendable {
    /// How many colours to use.
    public var color: ColorMode
    /// Draw with ASCII glyphs even under a UTF-8 locale.
    public var asciiOnly: Bool
    /// Take the mouse; then the terminal's own text selection needs shift.
    public var mouse: Bool
    /// Show each frame at once (mode 2026); nil decides by the terminal's name.
    public var synchronizedOutput: Bool?
    /// How long a lone escape may be the beginning of a sequence, in milliseconds.
    public var escDelay: Int
    /// Keep what is written to standard error off the screen and write it out afterwards.
    public var capturesStandardError: Bool
    /// Let Ctrl-Z stop the program; otherwise it is a key.
    public var suspends: Bool

    /// The defaults suit a full-screen program.
    public init(
      color: ColorMode = .auto, asciiOnly: Bool = false, mouse: Bool = false, synchronizedOutput: Bool? = nil,
      escDelay: Int = 25, capturesStandardError: Bool = true, suspends: Bool = true
    ) {
      self.color = color
      self.asciiOnly = asciiOnly
      self.mouse = mouse
      self.synchronizedOutput = synchronizedOutput
      self.escDelay = escDelay
      self.capturesStandardError = capturesStandardError
      self.suspends = suspends
    }
  }

  /// What the user should know about how the screen started.
  public private(set) var notices: [String] = []
  /// Columns and rows now.
  public private(set) var size = Size(width: 80, height: 24)
  /// The glyphs the locale can show.
  public let glyphs: Glyphs
  /// Colours in use: 0, 8, 16, 88 or 256.
  public private(set) var colorCount = 0
  /// Told of every canvas that is shown, for recording.
  public var observer: ((Canvas) -> Void)?

  let term: String
  private let options: Options
  private let isSynchronized: Bool
  private var isOpen = true
  private var isClosed = false
  private var isAway = false
  private var decoder: KeyDecoder
  private var events: [InputEvent] = []
  var presenter: Presenter

  private static let isUsed = ScreenLatch()

  /// Takes the terminal over.
  /// - Throws: `TerminalError` before anything has changed.
  public init(options: Options = Options()) throws(TerminalError) {
    guard ct_is_tty(0), ct_is_tty(1) else { throw .notATerminal }
    let name = Environment["TERM"] ?? ""
    guard !name.isEmpty, name != "dumb" else { throw .dumbTerminal(name) }
    guard Self.isUsed.take() else { throw .alreadyOpen }

    let isUTF8 = ct_set_locale()
    let glyphs: Glyphs = isUTF8 && !options.asciiOnly ? .unicode : .ascii
    guard ct_guard_install(options.capturesStandardError) == 0 else {
      Self.isUsed.release()
      throw .notATerminal
    }
    let wantsColor: Bool
    switch options.color {
    case .auto: wantsColor = (Environment["NO_COLOR"] ?? "").isEmpty
    case .never: wantsColor = false
    case .sixteen, .full: wantsColor = true
    }
    var notices: [String] = []
    var actual = name
    var status = ct_open(nil, wantsColor, Int32(clamping: options.escDelay))
    if status == -1 {
      let fallback = "xterm-256color"
      actual = fallback
      status = ct_open(fallback, wantsColor, Int32(clamping: options.escDelay))
      notices.append("the terminal \"\(TextSafety.line(name))\" is not known here; it is driven as \(fallback)")
    }
    guard status == 0 else {
      ct_guard_remove()
      Self.isUsed.release()
      throw status == -2 ? .dumbTerminal(name) : .cannotStart(name)
    }
    if !isUTF8, !options.asciiOnly { notices.append("the locale is not UTF-8; ASCII characters are used") }

    self.options = options
    self.glyphs = glyphs
    term = actual
    let count = Int(ct_color_count())
    colorCount = options.color == .sixteen ? min(16, count) : min(256, count)
    isSynchronized = options.synchronizedOutput ?? Self.synchronizes(actual)
    decoder = KeyDecoder()
    presenter = Presenter(colorCount: colorCount, isUTF8: isUTF8)
    self.notices = notices
    decoder.sequences = Self.terminfoKeys()
    decoder.reportsPointer = options.mouse
    let modes = Self.modes(actual, mouse: options.mouse)
    ct_set_modes(modes.on, modes.off)
    measure()
  }

  deinit { close() }

  /// Gives the terminal back for good. Further calls have no effect.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    ct_close()
    ct_guard_remove()
    Self.isUsed.release()
  }

  private func measure() {
    let now = ct_measure()
    guard now.columns > 0, now.rows > 0 else { return }
    let (columns, rows) = (min(now.columns, Int32(Size.limit)), min(now.rows, Int32(Size.limit)))
    size = Size(width: Int(columns), height: Int(rows))
    ct_resize(columns, rows)
    presenter.forget()
  }

  // MARK: Output

  /// Shows a canvas. Only what differs from the last one is sent.
  public func present(_ canvas: Canvas) {
    guard isOpen, !isAway else { return }
    let changed = presenter.draw(canvas, size: size)
    let cursor = canvas.cursor ?? (-1, -1)
    ct_flush(Int32(clamping: cursor.x), Int32(clamping: cursor.y), isSynchronized && changed)
    // After what somebody waits for.
    observer?(canvas)
  }

  /// Makes the next `present` send every cell, whatever the terminal shows now (for Ctrl-L).
  public func redraw() {
    guard isOpen, !isAway else { return }
    presenter.forget()
    ct_invalidate()
  }

  /// Bytes of text that `copyToClipboard` sends at most; longer text is not copied, for half of it would mislead.
  public static let clipboardLimit = Clipboard.limit

  /// Asks the terminal to put text on the clipboard (OSC 52, through tmux and screen too).
  ///
  /// Nothing is returned because nothing is known: many terminals ignore the request. Say "sent to the clipboard".
  public func copyToClipboard(_ text: String) {
    guard isOpen, !isAway, Self.hasTitle(term), text.utf8.count <= Self.clipboardLimit else { return }
    write(Clipboard.sequence(text, isTmux: Environment["TMUX"] != nil, isScreen: Environment["STY"] != nil))
  }

  /// Takes the mouse, or leaves it to the terminal's own text selection.
  public func setMouse(_ isOn: Bool) {
    guard isOpen, !isAway, isOn != decoder.reportsPointer else { return }
    decoder.reportsPointer = isOn
    let modes = Self.modes(term, mouse: isOn)
    if !isOn { write("\u{1B}[?1006l\u{1B}[?1002l") }
    ct_set_modes(modes.on, modes.off)
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { ct_write($0.baseAddress, $0.count) }
    }
  }

  // MARK: Input

  /// Whether another event is ready, so that painting can wait for it.
  public var pendingInput: Bool {
    guard isOpen, !isAway, !isClosed else { return false }
    if events.isEmpty { pump(timeout: 0) }
    return !events.isEmpty
  }

  /// Waits for the next event.
  /// - Parameter timeoutMilliseconds: nil waits for ever.
  /// - Returns: nil when the time is over. After `.closed` always `.closed`, at most ten times a second.
  public func nextEvent(timeoutMilliseconds: Int?) -> InputEvent? {
    if !events.isEmpty { return events.removeFirst() }
    if isClosed || !isOpen {
      // A caller that ignores the end of the terminal must not burn the processor.
      ct_pause(Int32(clamping: min(100, max(0, timeoutMilliseconds ?? 100))))
      return .closed
    }
    let clock = ContinuousClock()
    let deadline = timeoutMilliseconds.map { clock.now + .milliseconds(max(0, $0)) }
    while events.isEmpty {
      var timeout: Int32 = -1
      if let deadline {
        // Rounded up, or the last fraction of a millisecond would be spent asking again and again.
        let left = (deadline - clock.now) / Duration.milliseconds(1)
        timeout = Int32(clamping: Int(max(0, left.rounded(.up))))
      }
      pump(timeout: timeout)
      if let deadline, events.isEmpty, clock.now >= deadline { return nil }
    }
    return events.removeFirst()
  }

  /// Waits once and turns what came into events.
  private func pump(timeout: Int32) {
    // An unfinished sequence is decided soon, whatever timeout the caller gave.
    let sequenceTimeout: Int32
    switch decoder.waiting {
    case .nothing, .paste: sequenceTimeout = -1
    case .escape: sequenceTimeout = Int32(clamping: max(1, options.escDelay))
    case .sequence, .escapeInPaste: sequenceTimeout = 100
    }
    let wait = sequenceTimeout < 0 ? timeout : timeout < 0 ? sequenceTimeout : min(timeout, sequenceTimeout)
    let started = ContinuousClock().now
    let bits = Int(ct_wait(wait))
    if bits == 0 {
      if sequenceTimeout >= 0, ContinuousClock().now - started >= .milliseconds(Int(min(sequenceTimeout, wait))),
        wait == sequenceTimeout
      {
        events += decoder.timeout()
      }
      return
    }
    noteSignals(bits)
    if bits & CT_INPUT != 0 { readAll() } else if bits & CT_HANGUP != 0 { end() }
  }

  private func noteSignals(_ bits: Int) {
    if bits & CT_STOP_REQUEST != 0 {
      stop()
    } else if bits & CT_CONTINUED != 0, !isAway {
      ct_reassert()
      resume()
    }
    if bits & CT_RESIZED != 0 { noteSize() }
    if bits & CT_INTERRUPTED != 0 { events.append(.key(.control("c"))) }
  }

  /// Reads what has arrived, and characters that follow it faster than anybody types: this many make a burst.
  private func readAll() {
    let waiting = events
    events = []
    read()
    while events.contains(where: \.isCharacter), events.count < KeyBurst.limit {
      let bits = Int(ct_wait(KeyBurst.gap))
      noteSignals(bits)
      guard bits & CT_INPUT != 0 else { break }
      read()
    }
    events = waiting + KeyBurst.found(in: events)
  }

  /// Puts events before those that wait.
  public func putBack(_ earlier: [InputEvent]) { events.insert(contentsOf: earlier, at: 0) }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 16384)
    let count = buffer.withUnsafeMutableBufferPointer { ct_read($0.baseAddress, $0.count) }
    if count > 0 {
      for event in decoder.feed(buffer[..<count]) {
        if event == .key(.control("z")), options.suspends { stop() } else { events.append(event) }
      }
    } else if count == 0 || count == -2 {
      end()
    }
  }

  private func end() {
    if isClosed { return }
    isClosed = true
    events.append(.closed)
  }

  private func noteSize() {
    let before = size
    measure()
    if size != before {
      // Of a storm of sizes only the last one counts.
      events.removeAll { if case .resize = $0 { true } else { false } }
      events.append(.resize(size))
    }
  }

  // MARK: Leaving and coming back

  /// Stops the program, as Ctrl-Z does; returns when it continues. `nextEvent` then reports `.resumed`.
  public func stop() {
    guard isOpen, !isAway else { return }
    ct_leave()
    ct_stop()
    // Our own continuing is not news.
    _ = ct_wait_signals()
    ct_enter()
    resume()
  }

  private func resume() {
    let last = presenter.last
    measure()
    if let last { present(last) }
    if events.last != .resumed { events.append(.resumed) }
  }

  /// Gives the terminal to something else, such as an editor, and reclaims it afterwards.
  ///
  /// The last canvas is shown again; if the size changed meanwhile, `nextEvent` reports it.
  @discardableResult
  public func runExternally(_ body: () throws -> Int32) rethrows -> Int32 {
    guard isOpen, !isAway else { return try body() }
    isAway = true
    ct_leave()
    ct_foreign(true)
    defer {
      ct_foreign(false)
      isAway = false
      ct_enter()
      let before = size
      let last = presenter.last
      measure()
      if let last { present(last) }
      if size != before { events.append(.resize(size)) }
    }
    return try body()
  }
}
