import CritiqueModel
import DatasetFormats

/// Some items read together, with everything the database wants of them, worked out away from the writing thread.
///
/// All texts and blobs of a batch lie end to end in one array, which the statements of an import bind in place: the
/// writing thread, which is the one that an import waits for, neither allocates nor copies nor frees them one by one.
struct PreparedBatch: Sendable {
  /// Where a text or blob lies in ``bytes``.
  struct Piece: Sendable {
    var start = 0
    var count = 0
  }

  var items: [PreparedItem] = []
  /// The solutions of the records in `items`.
  var solutions: [PreparedSolution] = []
  /// The texts and blobs.
  private(set) var bytes: [UInt8] = []
  /// How much of the source the batch holds, by which its size is bounded.
  var sourceBytes = 0
  /// How far the reader was after the batch.
  var bytesRead: Int64 = 0
  /// The size of the file.
  var totalBytes: Int64 = 0

  /// The text of a piece.
  func string(_ piece: Piece) -> String {
    String(decoding: bytes[piece.start..<(piece.start + piece.count)], as: UTF8.self)
  }

  /// Adds what `write` appends as one piece.
  mutating func add(_ write: (inout [UInt8]) -> Void) -> Piece {
    let start = bytes.count
    write(&bytes)
    return Piece(start: start, count: bytes.count - start)
  }

  mutating func add(_ bytes: some Collection<UInt8>) -> Piece { add { $0.append(contentsOf: bytes) } }

  mutating func add(_ text: String) -> Piece {
    var text = text.storable
    return text.withUTF8 { utf8 in add { $0.append(contentsOf: utf8) } }
  }

  /// Makes room, so that filling the batch moves nothing.
  mutating func reserve(bytes count: Int) { bytes.reserveCapacity(count) }
}

enum PreparedItem: Sendable {
  case record(PreparedRecord)
  case event(ReviewEvent, line: Int)
  case bad(BadRecord)
}

/// A record of a batch.
struct PreparedRecord: Sendable {
  var raw: PreparedBatch.Piece
  var hash: PreparedBatch.Piece
  var line: Int
  var format: DatasetFormat
  /// Its solutions, in the batch's list.
  var solutions: Range<Int>
}

/// A solution of a batch.
struct PreparedSolution: Sendable {
  var key: PreparedBatch.Piece
  var name: PreparedBatch.Piece
  var excerpt: PreparedBatch.Piece
  var steps: Int
  var ratings: PreparedBatch.Piece
  var firstError: Int?
  var finishReason: PreparedBatch.Piece?
  var screening: Bool
  /// The problem's hash (`ProblemText`).
  var problem: Int64
  /// `SolutionText.size`.
  var promptSize: Int
  /// What the search index gets.
  var words: PreparedBatch.Piece
  var critiques: [Critique]

  /// - Parameter name: shown when the record has no identifier of its own.
  init(
    _ solution: Solution, critiques: [Critique], name: String, search: inout SearchWords, in batch: inout PreparedBatch
  ) {
    key = batch.add(SolutionKey(of: solution).description)
    self.name = batch.add(solution.sourceID ?? name)
    excerpt = batch.add { Self.appendExcerpt(of: solution.problem, to: &$0) }
    steps = solution.steps.count
    ratings = batch.add { bytes in
      for step in solution.steps { bytes.append(Signature.character(step.rating)) }
    }
    firstError = solution.firstError.boxed
    finishReason = solution.finishReason.map { batch.add($0.rawValue) }
    screening = solution.isScreening
    problem = ProblemText.hash(solution.problem)
    promptSize = SolutionText.size(solution)
    search.add(solution.problem)
    for step in solution.steps { search.add(step.text) }
    words = batch.add { search.take(into: &$0) }
    self.critiques = critiques
  }

  private static func appendExcerpt(of problem: String, to bytes: inout [UInt8]) {
    // Telling characters apart costs much more than reading bytes, and hardly any text needs it here.
    if appendASCIIExcerpt(of: problem, to: &bytes) { return }
    var out = ""
    var count = 0
    var blank = true
    for character in problem {
      if character.isWhitespace {
        if !blank { out += " " }
        blank = true
      } else {
        out.append(character)
        blank = false
      }
      count += 1
      if count >= 160 { break }
    }
    if out.last == " " { out.removeLast() }
    bytes.append(contentsOf: out.utf8)
  }

  /// The same for a text whose beginning is ASCII without CR LF (one character of two bytes); else `false`.
  private static func appendASCIIExcerpt(of problem: String, to bytes: inout [UInt8]) -> Bool {
    var problem = problem
    return problem.withUTF8 { text in
      let start = text.prefix(161)
      guard start.allSatisfy({ $0 < 0x80 && $0 != 0x0D }) else { return false }
      let first = bytes.count
      for byte in start.prefix(160) {
        if byte == 0x20 || (0x09...0x0C).contains(byte) {
          if bytes.count > first, bytes[bytes.count - 1] != 0x20 { bytes.append(0x20) }
        } else {
          bytes.append(byte)
        }
      }
      if bytes.count > first, bytes[bytes.count - 1] == 0x20 { bytes.removeLast() }
      return true
    }
  }
}
