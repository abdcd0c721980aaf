/// How much memory a reader may use, whatever the file holds.
public struct ReaderLimits: Sendable, Hashable {
  /// A record longer than this many bytes is reported as bad and passed over without being held in memory.
  public var maximumRecordBytes: Int
  /// How many bytes are asked of the system at a time.
  public var chunkBytes: Int
  /// How many bad records may come before the first good one before the file is given up as not JSON.
  public var badRecordsBeforeGivingUp: Int

  /// Limits that suit a desktop; values too small to work with are raised, records are at most 2 GiB.
  public init(
    maximumRecordBytes: Int = 32 << 20, chunkBytes: Int = 512 << 10, badRecordsBeforeGivingUp: Int = 1000
  ) {
    // The tape's offsets are 32-bit, and a record has to be parsed in one piece.
    self.maximumRecordBytes = min(max(maximumRecordBytes, 1), 2 << 30)
    self.chunkBytes = max(chunkBytes, 4096)
    self.badRecordsBeforeGivingUp = max(badRecordsBeforeGivingUp, 1)
  }
}
