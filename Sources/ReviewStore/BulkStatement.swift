import GRDB
import GRDBSQLite

/// A prepared statement driven through SQLite's own interface, for the hundreds of thousands of rows of an import.
///
/// GRDB's statements wrap every argument in an enum first; here texts and blobs go to SQLite as they are.
struct BulkStatement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  init(_ db: Database, _ sql: String) throws {
    guard let connection = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else { throw Self.error(connection, code) }
    self.handle = handle
    self.connection = connection
  }

  func finalize() { sqlite3_finalize(handle) }

  func bind(_ index: Int32, _ value: Int64?) {
    if let value { sqlite3_bind_int64(handle, index, value) } else { sqlite3_bind_null(handle, index) }
  }

  func bind(_ index: Int32, _ value: Int) { sqlite3_bind_int64(handle, index, Int64(value)) }

  func bind(_ index: Int32, _ value: String?) {
    guard var value else {
      sqlite3_bind_null(handle, index)
      return
    }
    value.withUTF8 { bytes in
      _ = bytes.withMemoryRebound(to: CChar.self) {
        // An empty text may have no address, and binding that would bind NULL.
        guard let start = $0.baseAddress else { return sqlite3_bind_text(handle, index, "", 0, Self.copied) }
        return sqlite3_bind_text(handle, index, start, Int32(bytes.count), Self.copied)
      }
    }
  }

  func bind(_ index: Int32, _ value: [UInt8]) {
    value.withUnsafeBytes { bytes in
      _ = sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), Self.copied)
    }
  }

  /// Runs the statement for its effect and makes it ready for the next row.
  ///
  /// - Returns: how many rows it changed (0 after `INSERT OR IGNORE` of a row that is there).
  @discardableResult
  func step() throws -> Int {
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw Self.error(connection, code) }
    return Int(sqlite3_changes(connection))
  }

  /// Runs a query and makes it ready for the next one.
  ///
  /// - Returns: whether it has any row.
  func hasRow() throws -> Bool {
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw Self.error(connection, code) }
    return code == SQLITE_ROW
  }

  /// Id given to the last row inserted.
  var lastID: Int64 { sqlite3_last_insert_rowid(connection) }

  private static func error(_ connection: OpaquePointer, _ code: Int32) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: String(cString: sqlite3_errmsg(connection)))
  }

  /// SQLITE_TRANSIENT: SQLite takes a copy. (The macro is not imported into Swift.)
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
