import DeepCriticCore
import Foundation
import Processes
import Recording
import Terminal

/// A recording as a moving picture: every frame is drawn as the SVG picture that `share` makes of it, `rsvg-convert` turns it
/// into pixels, and `ffmpeg` joins these. Both are programs of the system, and neither reaches the network.
struct Video {
  /// How many milliseconds a frame is shown at least: what follows sooner takes its place. Players of GIF know no less than
  /// 20, and ffmpeg shows still pictures for a multiple of 40.
  static let tick = 40

  let film: Film
  let palette: Palette
  let title: String
  let kind: ShareKind

  init(_ shared: SharedFilm, kind: ShareKind) {
    film = shared.film.inTicks(of: Self.tick)
    palette = shared.palette
    title = shared.title
    self.kind = kind
  }

  /// Checks that the programs are installed.
  static func requireTools(for kind: ShareKind) async throws {
    var missing: [String] = []
    for (tool, package) in [("rsvg-convert", "librsvg2-bin"), ("ffmpeg", "ffmpeg")]
    where await ToolRun.run([tool, tool == "ffmpeg" ? "-version" : "--version"], timeLimit: .seconds(20)).code != 0 {
      missing.append(tool == package ? tool : "\(tool) (package \(package))")
    }
    guard missing.isEmpty else {
      throw CommandError(
        "a \(kind.name) is drawn by rsvg-convert and ffmpeg. Missing: "
          + "\(missing.joined(separator: ", ")). Install both with 'apt-get install ffmpeg librsvg2-bin'.")
    }
  }

  /// Draws it.
  ///
  /// - Parameter folder: where its frames may be.
  /// - Returns: the path of the file.
  func make(in folder: String) async throws -> String {
    let numbers = try await draw(in: folder)
    var list = "ffconcat version 1.0\n"
    let ends = film.frames.dropFirst().map(\.at) + [film.duration]
    for (number, (frame, end)) in zip(numbers, zip(film.frames, ends)) {
      list += "file \(number).png\nduration \(Double(end - frame.at) / 1000)\n"
    }
    // The last duration counts only where something follows.
    list += "file \(numbers[numbers.count - 1]).png\n"
    try Data(list.utf8).write(to: URL(fileURLWithPath: folder + "/list"))
    let input = ["-f", "concat", "-i", "list"]
    let made = "film.\(kind.rawValue)"
    switch kind {
    case .gif:
      // One palette for the whole film; its frames are never all in memory.
      try await run(input + ["-vf", "palettegen=stats_mode=full", "palette.png"], in: folder)
      let filter = "[0:v][1:v]paletteuse=dither=none:diff_mode=rectangle"
      try await run(
        input + ["-i", "palette.png", "-filter_complex", filter, "-loop", "0", "-final_delay", "4", made], in: folder)
    default:
      // The sides of a video are even.
      let length = "fps=\(1000 / Self.tick),trim=end=\(Double(film.duration) / 1000)"
      let filter = "\(length),pad=ceil(iw/2)*2:ceil(ih/2)*2:color=\(palette.background.hex)"
      try await run(
        input + [
          "-vf", filter, "-c:v", "libx264",
          "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-metadata",
          "title=\(TextSafety.line(title))", made,
        ], in: folder)
    }
    return folder + "/" + made
  }

  private func run(_ arguments: [String], in folder: String) async throws {
    let done = await ToolRun.run(["ffmpeg", "-v", "error", "-nostdin", "-y"] + arguments, folder: folder)
    try Task.checkCancellation()
    guard done.code == 0 else { throw CommandError("ffmpeg failed: \(done.lastLine)") }
  }

  // MARK: Frames

  /// Draws each frame that differs from all before it.
  ///
  /// - Returns: which picture each frame is.
  private func draw(in folder: String) async throws -> [Int] {
    var known: [Frame: Int] = [:]
    var pictures: [Frame] = []
    let numbers = film.frames.map { entry in
      if let number = known[entry.frame] { return number }
      known[entry.frame] = pictures.count
      pictures.append(entry.frame)
      return pictures.count - 1
    }
    let size = film.size
    let count = pictures.count
    defer { if StandardError.redraws { StandardError.draw("\r\u{1B}[K") } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, frame) in pictures.enumerated() {
        if number >= ProcessInfo.processInfo.activeProcessorCount { try await group.next() }
        if StandardError.redraws { StandardError.draw("\rDrawing picture \(number + 1) of \(count)…\u{1B}[K") }
        group.addTask { try await draw(frame.filled(to: size), number, in: folder) }
      }
      try await group.waitForAll()
    }
    return numbers
  }

  private func draw(_ frame: Frame, _ number: Int, in folder: String) async throws {
    let source = "\(number).svg"
    try Data(SVGPicture(frame, palette: palette, title: title).document.utf8)
      .write(to: URL(fileURLWithPath: folder + "/" + source))
    // Videos hold less of the colours than of the light: a larger picture keeps coloured letters sharp.
    let done = await ToolRun.run(
      [
        "rsvg-convert", "--zoom", kind == .mp4 ? "1.5" : "1", "--background-color", palette.background.hex, "--output",
        "\(number).png", source,
      ], folder: folder)
    try Task.checkCancellation()
    guard done.code == 0 else { throw CommandError("rsvg-convert failed: \(done.lastLine)") }
    try? FileManager.default.removeItem(atPath: folder + "/" + source)
  }
}
