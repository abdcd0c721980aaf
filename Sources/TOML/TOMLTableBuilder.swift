/// A table while its file is read. TOML says which tables may be added to, and by what.
final class TOMLTableBuilder {
  enum Origin {
    /// Named by a header, or the file itself: it cannot be named again.
    case header
    /// Precedes the last name of a header: a header may name it later.
    case parent
    /// Made by a key with points: only such keys may add to it.
    case dotted
  }

  private enum Entry {
    case value(TOMLValue)
    case table(TOMLTableBuilder)
    case list([TOMLTableBuilder])
  }

  private var origin: Origin
  private let line: Int
  private var keys: [String] = []
  private var entries: [String: (entry: Entry, line: Int)] = [:]

  init(_ origin: Origin, line: Int) {
    self.origin = origin
    self.line = line
  }

  /// The table of a name in front of the last one of a header: the last one of a list of tables.
  func descend(_ key: String, line: Int) throws(TOMLError) -> TOMLTableBuilder {
    switch entries[key]?.entry {
    case .none: return add(key, .parent, line: line)
    case .table(let table): return table
    case .list(let tables): return tables[tables.count - 1]
    case .value: throw taken(key, line: line)
    }
  }

  /// The table of a name in front of the last one of a key with points.
  func descendDotted(_ key: String, line: Int) throws(TOMLError) -> TOMLTableBuilder {
    switch entries[key]?.entry {
    case .none: return add(key, .dotted, line: line)
    case .table(let table) where table.origin == .dotted: return table
    default: throw taken(key, line: line)
    }
  }

  /// The table that a header names.
  func begin(_ key: String, line: Int) throws(TOMLError) -> TOMLTableBuilder {
    switch entries[key]?.entry {
    case .none: return add(key, .header, line: line)
    case .table(let table) where table.origin == .parent:
      table.origin = .header
      return table
    default: throw taken(key, line: line)
    }
  }

  /// A new table at the end of a list of tables.
  func append(_ key: String, line: Int) throws(TOMLError) -> TOMLTableBuilder {
    let table = TOMLTableBuilder(.header, line: line)
    switch entries[key]?.entry {
    case .none: put(key, .list([table]), line: line)
    case .list(let tables): entries[key]?.entry = .list(tables + [table])
    default: throw taken(key, line: line)
    }
    return table
  }

  func set(_ key: String, _ value: TOMLValue, line: Int) throws(TOMLError) {
    if entries[key] != nil { throw taken(key, line: line) }
    put(key, .value(value), line: line)
  }

  var frozen: TOMLTable {
    var table = TOMLTable()
    table.keys = keys
    table.line = line
    table.entries = entries.mapValues { entry, line in
      let value: TOMLValue =
        switch entry {
        case .value(let value): value
        case .table(let inner): .table(inner.frozen)
        case .list(let tables): .array(tables.map { .table($0.frozen) })
        }
      return TOMLTable.Entry(value: value, line: line)
    }
    return table
  }

  private func add(_ key: String, _ origin: Origin, line: Int) -> TOMLTableBuilder {
    let table = TOMLTableBuilder(origin, line: line)
    put(key, .table(table), line: line)
    return table
  }

  private func put(_ key: String, _ entry: Entry, line: Int) {
    keys.append(key)
    entries[key] = (entry, line)
  }

  private func taken(_ key: String, line: Int) -> TOMLError {
    let place = entries[key].map { " on line \($0.line)" } ?? ""
    return TOMLError(line: line, reason: "'\(key)' has its value\(place) already")
  }
}
