import CritiqueModel
import DatasetFormats
import Foundation
import JSON

/// The file in which reviews travel between workspaces: JSON Lines, a header and one event per line.
public enum ReviewsFile {
  /// First line of the file.
  public static let header = #"{"format":"deepcritic-reviews","version":1}"#

  /// One event as one line (without the line end). Keys are sorted, so that equal events give equal bytes.
  public static func encodeEvent(_ event: ReviewEvent) throws -> String {
    return String(decoding: try JSONEncoder.sorted.encode(event), as: UTF8.self)
  }

  /// Reads and checks one line. The log is append-only: what is let in here cannot be taken out again.
  ///
  /// Whatever the reviewer's clock said is let in, since a workspace has recorded it: the order is that of the logical clock.
  static func decodeEvent(_ raw: [UInt8]) throws -> ReviewEvent {
    do {
      let event = try JSONDecoder().decode(ReviewEvent.self, from: Data(raw))
      try check(event)
      return event
    } catch let error as DecodingError {
      throw EventError(error)
    }
  }

  /// One line of a file as an event, or as the bad record that says why it is none.
  static func event(in record: SourceRecord, file: String) -> Result<ReviewEvent, BadRecord> {
    do { return .success(try decodeEvent(record.raw)) } catch {
      let remedy = (error as? EventError)?.remedy ?? "Export the reviews again with 'deepcritic export reviews'."
      return .failure(
        BadRecord(file: file, line: record.line, reason: "not a review event: \(error)", remedy: remedy))
    }
  }

  /// The bad record for an event whose UUID another one has.
  static func conflict(_ event: ReviewEvent, file: String, line: Int) -> BadRecord {
    BadRecord(
      file: file, line: line, reason: "another event with the UUID \(event.uuid) is in this workspace",
      remedy: "One of the two was changed by hand; the one in the workspace is kept.")
  }

  private static let day: Int64 = 24 * 60 * 60 * 1000
  /// The highest step an event may be about.
  static let highestStep = 100_000

  private static func check(_ event: ReviewEvent) throws {
    func require(_ holds: Bool, _ reason: String, remedy: String? = nil) throws {
      if !holds { throw EventError(reason, remedy: remedy) }
    }
    func isName(_ text: String, _ limit: Int) -> Bool { !text.isEmpty && text.count <= limit }
    try require(isName(event.uuid, 200), "'uuid' must have 1 to 200 characters")
    try require(SolutionKey(event.solution) != nil, "'solution' must be 32 lowercase hexadecimal digits")
    try require((0...highestStep).contains(event.step), "'step' must be from 0 to \(highestStep)")
    try require(isName(event.kind.rawValue, 100), "'kind' must have 1 to 100 characters")
    try require(isName(event.reviewer, 200), "'reviewer' must have 1 to 200 characters")
    for (name, text) in [("value", event.value), ("note", event.note ?? ""), ("basis", event.basis ?? "")] {
      try require(text.utf8.count <= 1 << 20, "'\(name)' is longer than 1 MiB")
    }
    if let batch = event.batch { try require(isName(batch, 200), "'batch' must have 1 to 200 characters") }
    if let target = event.target { try require(isName(target, 200), "'target' must have 1 to 200 characters") }
    if let elapsed = event.elapsed {
      try require((0...7 * day).contains(elapsed), "'elapsed' must be from 0 to 7 days, in milliseconds")
    }
    let edited = "No program writes such a time: the line was changed. Export the reviews again."
    try require(
      WallTime.range.contains(event.at), "'at' must be a time in the years 1970 to 9999, in milliseconds since 1970",
      remedy: edited)
    try require(
      (0...HybridClock.limit).contains(event.clock), "'clock' must be from 0 to 2^53", remedy: edited)
  }

  /// Why a line is not an event.
  struct EventError: Error, CustomStringConvertible {
    let description: String
    let remedy: String?

    init(_ reason: String, remedy: String?) {
      description = reason
      self.remedy = remedy
    }

    init(_ error: DecodingError) {
      remedy = nil
      switch error {
      case .keyNotFound(let key, _): description = "'\(key.stringValue)' is missing"
      case .typeMismatch(_, let context), .valueNotFound(_, let context):
        description = "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
      case .dataCorrupted(let context): description = context.debugDescription
      @unknown default: description = "it cannot be decoded"
      }
    }
  }
}

extension Workspace {
  /// Writes every event through `line`, header first.
  ///
  /// - Returns: the number of events.
  public func exportReviews(of reviewer: String? = nil, _ line: (String) throws -> Void) throws -> Int {
    try line(ReviewsFile.header)
    var count = 0
    try forEachEvent { event in
      if let reviewer, event.reviewer != reviewer { return }
      try line(try ReviewsFile.encodeEvent(event))
      count += 1
    }
    return count
  }
}
