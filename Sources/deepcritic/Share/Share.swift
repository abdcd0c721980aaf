import ArgumentParser
import DeepCriticCore
import Foundation
import Recording
import Terminal
import Workbench

struct Share: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn a recorded session into a cast, a page, a video, a picture or text.",
    discussion: """
      INPUT is a cast (of --record-screen) or a session's log (of --record). A log holds what was typed: it is played \
      without a screen on a copy of the workspace, which is removed afterwards; the workspace itself is not changed. \
      The copy takes as much space as the workspace. The same log on the same workspace gives the same bytes.

      The ending of OUT says what is made: .cast plays in asciinema; .html is a page with a player (with --at or \
      --picture, of one picture) that loads nothing from anywhere; .gif and .mp4 are videos, which ffmpeg and rsvg-convert \
      draw; .svg, .txt and .ans (text with colours, for 'cat' and \
      'less -R') show one picture, the last unless --at or --picture names another.
      """)

  @Argument(help: ArgumentHelp("A cast or a session's log.", valueName: "input"), completion: .file())
  var input: String
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file to make, or - for standard output.", valueName: "out"), completion: .file())
  var output: String
  @Option(
    help: ArgumentHelp(
      "What to make: cast, html, gif, mp4, svg, txt or ans (else by the ending of OUT).", valueName: "kind"))
  var format: ShareKind?
  @Option(help: ArgumentHelp("The picture shown at this time of the recording, in seconds.", valueName: "seconds"))
  var at: Double?
  @Option(help: ArgumentHelp("The picture of this number (the first is 1), or 'last'.", valueName: "n"))
  var picture: String?
  @Option(help: ArgumentHelp("Columns and rows, for a log (else what it says).", valueName: "120x40"))
  var size: String?
  @Option(help: ArgumentHelp("Playback speed factor.", valueName: "factor"))
  var speed: Double?
  @Option(help: ArgumentHelp("Cut pauses to this many seconds.", valueName: "seconds"))
  var idleLimit: Double?
  @Option(help: ArgumentHelp("What page, video, picture or cast are called.", valueName: "text"))
  var title: String?
  @Option(help: ArgumentHelp("Version of a cast: 2, or 3 for asciinema from 3.0 on (2).", valueName: "version"))
  var castVersion: CastVersion?
  @Flag(help: "Overwrite an existing file.")
  var force = false
  @OptionGroup var look: LookOptions
  @OptionGroup var workspace: WorkspaceOption
  @OptionGroup var reviewing: ReviewerOptions
  @ParentCommand var root: DeepCritic

  func validate() throws {
    if at != nil, picture != nil { throw ValidationError("--at and --picture cannot be combined.") }
    if let at, !(0...1e9).contains(at) { throw ValidationError("--at is a time in seconds, 0 or more.") }
    if let idleLimit, !(0.001...1e6).contains(idleLimit) {
      throw ValidationError("--idle-limit is a number of seconds above 0.")
    }
    if let speed, !(0.001...1000).contains(speed) { throw ValidationError("--speed goes from 0.001 to 1000.") }
    if let picture, picture != "last", Int(picture).map({ $0 < 1 }) ?? true {
      throw ValidationError("--picture must be 1 or more, or 'last'.")
    }
    if size != nil, wantedSize == nil { throw ValidationError("--size is columns and rows, such as 120x40.") }
    if output == "-", format == nil {
      throw ValidationError("--format must say what goes to standard output: cast, html, gif, mp4, svg, txt or ans.")
    }
    guard let kind else {
      throw ValidationError("--output ends in one of \(ShareKind.list); or say what to make with --format.")
    }
    if kind.isWhole, moment != nil {
      throw ValidationError("A \(kind.name) holds the whole recording: leave --at and --picture out.")
    }
  }

  func run() async throws {
    guard let kind else { return }
    // Said before a long log is played.
    if output != "-", !force, FileManager.default.fileExists(atPath: output) {
      throw CommandError("\(output): there is such a file already. Name another one, or write over it with --force.")
    }
    if kind.isVideo { try await Video.requireTools(for: kind) }
    let shared = try await recording(kind)
    guard kind.isVideo else {
      let version = castVersion ?? root.filming.castVersion ?? .usual
      let text = try kind.text(shared, moment: moment, version: version)
      let count = moment == nil && kind.isFilm ? shared.film.frames.count : 1
      let hint =
        kind == .cast && version == .three ? " It is asciicast 3, which asciinema before 3.0 does not play." : ""
      return try write(text.utf8, count, hint)
    }
    let folder = try PrivateFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let video = Video(shared, kind: kind)
    let made = try await Interruption().cancelling { try await video.make(in: folder) }
    try write(Data(contentsOf: URL(fileURLWithPath: made), options: .alwaysMapped), video.film.frames.count, "")
  }

  /// Writes the bytes to the file or to standard output.
  private func write(_ bytes: some Collection<UInt8>, _ count: Int, _ hint: String) throws {
    if output == "-" {
      let standard = StandardOutput()
      try standard.write(bytes)
      return try standard.flush()
    }
    var file = try AtomicFileWriter(path: output)
    try file.write(bytes)
    let size = file.bytesWritten
    try file.commit()
    StandardError.write("\(output): \(Figures.count(count, "picture")), \(size) bytes.\(hint)")
  }

  /// The recording as it is to be shown. On the main thread, where what is played without a screen runs.
  @MainActor
  private func recording(_ kind: ShareKind) throws -> SharedFilm {
    // The root takes options that it has too, wherever they stand.
    let speed = speed ?? root.speed
    guard (0.001...1000).contains(speed) else { throw ValidationError("--speed goes from 0.001 to 1000.") }
    var shared = try SharedFilm.isLog(input) ? sharedLog() : sharedCast()
    if moment == nil, kind.isFilm {
      shared.film = shared.film.timed(speed: speed, idleLimit: idleLimit.map { Int(($0 * 1000).rounded()) })
    }
    return shared
  }

  private var kind: ShareKind? { format ?? ShareKind(path: output) }

  private var moment: ShareMoment? {
    if let at { return .time(Int((at * 1000).rounded())) }
    return picture.map { Int($0).map { .number($0) } ?? .last }
  }

  private var wantedSize: Size? {
    guard let numbers = size?.split(separator: "x", omittingEmptySubsequences: false).map({ Int($0) }),
      numbers.count == 2, let width = numbers[0], let height = numbers[1], (10...1000).contains(width),
      (2...1000).contains(height)
    else { return nil }
    return Size(width: width, height: height)
  }

  private func sharedCast() throws -> SharedFilm {
    if look.or(root).theme != nil {
      throw CommandError("--theme is for logs: a cast keeps the colours that it was recorded in.")
    }
    if size != nil { throw CommandError("--size is for logs: a cast keeps the size that it was recorded in.") }
    return try SharedFilm(cast: input, title: title)
  }

  /// Plays a log on a copy of the workspace.
  private func sharedLog() throws -> SharedFilm {
    try SharedFilm(
      log: input, on: workspace.or(root).open(), reviewing.or(root), look: look.or(root), size: wantedSize, title: title
    )
  }
}
