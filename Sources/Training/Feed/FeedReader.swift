import Foundation
import ReviewStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads what is new in a run's feed into the workspace. Any number of programs may do so at once.
struct FeedReader {
  let workspace: Workspace
  let path: String

  /// Bytes of one transaction.
  private static let page = 4 << 20
  /// A line longer than this is none.
  private static let longestLine = 32 << 20

  /// Brings a run up to date.
  ///
  /// - Returns: the run as it is now.
  func update(_ run: RunEntry) throws -> RunEntry {
    var run = run
    guard !workspace.isReadOnly else { return run }
    while let handle = FileHandle(forReadingAtPath: path) {
      defer { try? handle.close() }
      let size = Int64(try handle.seekToEnd())
      if size < run.feedOffset {
        // Not the file that was read before.
        try workspace.forgetFeed(of: run.id)
        run = try workspace.run(named: run.name) ?? run
        if run.feedOffset > size { return run }
      }
      guard size > run.feedOffset else { return run }
      let part = try read(handle, from: run.feedOffset)
      guard part.end > run.feedOffset else { return run }
      _ = try workspace.record(part.part, of: run.id, from: run.feedOffset, to: part.end)
      run = try workspace.run(named: run.name) ?? run
    }
    return run
  }

  private func read(_ handle: FileHandle, from offset: Int64) throws -> (part: RunFeedPart, end: Int64) {
    try handle.seek(toOffset: UInt64(offset))
    var bytes = [UInt8](try handle.read(upToCount: Self.page) ?? Data())
    // A page without a line end is a long line, or one that is still being written.
    while !bytes.contains(0x0A) {
      let more = [UInt8](try handle.read(upToCount: Self.page) ?? Data())
      if more.isEmpty { return (RunFeedPart(), offset) }
      bytes += more
      if bytes.count > Self.longestLine {
        var part = RunFeedPart()
        part.badLines = 1
        return (part, offset + Int64(bytes.count))
      }
    }
    guard let last = bytes.lastIndex(of: 0x0A) else { return (RunFeedPart(), offset) }
    var part = RunFeedPart()
    var start = 0
    while start <= last {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? last
      let line = bytes[start..<end]
      if line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0 }) {
        FeedLine.read(line, at: offset + Int64(start), into: &part)
      }
      start = end + 1
    }
    return (part, offset + Int64(last + 1))
  }
}
