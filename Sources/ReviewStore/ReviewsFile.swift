import Foundation

/// The file in which reviews travel between workspaces: JSON Lines, a header and one event per line.
public enum ReviewsFile {
  /// First line of the file.
  public static let header = #"{"format":"deepcritic-reviews","version":1}"#

  /// One event as one line (without the line end). Keys are sorted, so that equal events give equal bytes.
  public static func encodeEvent(_ event: ReviewEvent) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(event), as: UTF8.self)
  }

  static func decodeEvent(_ raw: [UInt8]) throws -> ReviewEvent {
    do { return try JSONDecoder().decode(ReviewEvent.self, from: Data(raw)) } catch let error as DecodingError {
      throw EventError(error)
    }
  }

  /// Why a line is not an event.
  struct EventError: Error, CustomStringConvertible {
    let description: String
    init(_ error: DecodingError) {
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
  public func exportReviews(_ line: (String) throws -> Void) throws -> Int {
    try line(ReviewsFile.header)
    var count = 0
    try forEachEvent { event in
      try line(try ReviewsFile.encodeEvent(event))
      count += 1
    }
    return count
  }
}
