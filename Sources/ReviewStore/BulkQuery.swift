import CritiqueModel
import GRDB
import GRDBSQLite

/// A query driven through SQLite's own interface, for reading millions of small rows: no object is made for a row.
package final class BulkQuery {
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  package init(_ db: Database, _ sql: String) throws {
    (handle, connection) = try db.prepare(sql)
  }

  deinit { sqlite3_finalize(handle) }

  /// Begins again with other arguments.
  package func bind(_ values: Int64...) {
    sqlite3_reset(handle)
    for (index, value) in values.enumerated() { sqlite3_bind_int64(handle, Int32(index + 1), value) }
  }

  /// Moves to the next row; `false` at the end.
  package func next() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    default: throw DatabaseError(last: connection)
    }
  }

  package func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  package func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  package func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

  package func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// The bytes of a text.
  package func bytes(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_text(handle, column) else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// A stage, told by its first letter: millions are read.
  package func stage(_ column: Int32) -> Stage {
    switch sqlite3_column_text(handle, column)?.pointee {
    case UInt8(ascii: "d"): .deep
    case UInt8(ascii: "m"): .merged
    default: .initial
    }
  }

  package func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// Lends the bytes of a column until the next row.
  package func withBlob<T>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
    let start = sqlite3_column_blob(handle, column)
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    return bytes.withMemoryRebound(to: UInt8.self, body)
  }

  package func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }
}
