import GRDB
import GRDBSQLite

/// A prepared statement driven through SQLite's own interface, for the hundreds of thousands of rows of an import.
///
/// GRDB's statements wrap every argument in an enum first and copy it; here texts and blobs stay where they are.
package final class BulkStatement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  package init(_ db: Database, _ sql: String) throws {
    (handle, connection) = try db.prepare(sql)
  }

  /// A statement that is left over, by an error too, would keep the connection open.
  deinit { sqlite3_finalize(handle) }

  /// One row's values. Pieces of the batch are bound in place, so a row must not outlive the call that lends it.
  package struct Row {
    fileprivate let handle: OpaquePointer
    fileprivate let bytes: UnsafeBufferPointer<UInt8>

    package func bind(_ index: Int32, _ value: Int64?) {
      if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
    }

    package func bind(_ index: Int32, _ value: Int) { sqlite3_bind_int64(handle, index, Int64(value)) }

    package func bind(_ index: Int32, _ value: Double) { sqlite3_bind_double(handle, index, value) }

    package func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

    /// A short text, which is copied.
    package func bind(_ index: Int32, _ value: String) {
      let value = value.storable
      sqlite3_bind_text(handle, index, value, Int32(value.utf8.count), BulkStatement.copied)
    }

    func bind(_ index: Int32, text piece: PreparedBatch.Piece?) {
      guard let piece else {
        sqlite3_bind_null(handle, index)
        return
      }
      // A missing address would bind NULL, an empty text does not need one.
      guard piece.count > 0, let start = address(piece) else { return bind(index, "") }
      start.withMemoryRebound(to: CChar.self, capacity: piece.count) {
        _ = sqlite3_bind_text(handle, index, $0, Int32(piece.count), nil)
      }
    }

    func bind(_ index: Int32, blob piece: PreparedBatch.Piece) {
      guard piece.count > 0, let start = address(piece) else {
        sqlite3_bind_zeroblob(handle, index, 0)
        return
      }
      sqlite3_bind_blob(handle, index, start, Int32(piece.count), nil)
    }

    private func address(_ piece: PreparedBatch.Piece) -> UnsafePointer<UInt8>? {
      precondition(piece.start >= 0 && piece.start + piece.count <= bytes.count)
      return bytes.baseAddress.map { $0 + piece.start }
    }
  }

  /// Runs the statement for its effect with the values that `bind` gives it, and makes it ready for the next row.
  ///
  /// - Returns: whether it changed a row (not after `INSERT OR IGNORE` of a row that exists).
  @discardableResult
  package func step(binding bytes: [UInt8] = [], _ bind: (Row) -> Void) throws -> Bool {
    // SQLite reads what is bound only in `step`, so what is bound in place has to stay only until then.
    try bytes.withUnsafeBufferPointer { buffer in
      bind(Row(handle: handle, bytes: buffer))
      let code = sqlite3_step(handle)
      sqlite3_reset(handle)
      guard code == SQLITE_DONE || code == SQLITE_ROW else { throw DatabaseError(last: connection) }
      return sqlite3_changes(connection) > 0
    }
  }

  /// Runs a query with one text as its argument and makes it ready for the next one.
  ///
  /// - Returns: whether it has any row.
  package func hasRow(for argument: String) throws -> Bool {
    sqlite3_bind_text(handle, 1, argument, Int32(argument.utf8.count), Self.copied)
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw DatabaseError(last: connection) }
    return code == SQLITE_ROW
  }

  /// Id given to the last row inserted.
  var lastID: Int64 { sqlite3_last_insert_rowid(connection) }

  /// SQLITE_TRANSIENT: SQLite takes a copy. (The macro is not imported into Swift.)
  fileprivate static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension Database {
  /// A statement of SQLite's own interface, and its connection.
  func prepare(_ sql: String) throws -> (handle: OpaquePointer, connection: OpaquePointer) {
    guard let connection = sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else { throw DatabaseError(last: connection, sql: sql) }
    return (handle, connection)
  }
}

extension DatabaseError {
  /// What SQLite says about its last call.
  init(last connection: OpaquePointer, sql: String? = nil) {
    self.init(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: String(cString: sqlite3_errmsg(connection)), sql: sql)
  }
}
