import Foundation

/// Writes rows as parquet too, by the Python package `pyarrow`: trainers read it faster, and it has types.
struct ParquetConversion {
  private static let program = """
    import sys
    try:
        import pyarrow.json, pyarrow.parquet
    except ImportError:
        sys.exit("the Python package pyarrow is missing; install it with: pip install pyarrow")
    for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
        options = pyarrow.json.ReadOptions(block_size=1 << 30)
        pyarrow.parquet.write_table(pyarrow.json.read_json(source, read_options=options), target)
    """

  /// Converts files.
  ///
  /// - Throws: ``ExportError``.
  static func convert(_ files: [(source: String, target: String)]) throws {
    let named = ProcessInfo.processInfo.environment["DEEPCRITIC_PYTHON"] ?? ""
    let python = named.isEmpty ? "python3" : named
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", program] + files.flatMap { [$0.source, $0.target] }
    let complaint = Pipe()
    process.standardError = complaint
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    func problem(_ reason: String) -> ExportError {
      ExportError(
        description:
          "parquet cannot be written by '\(python)': \(reason). Another interpreter is named in DEEPCRITIC_PYTHON; "
          + "without --parquet only JSON Lines are written, which trainers read too.")
    }
    do { try process.run() } catch { throw problem("it cannot be run") }
    let words = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw problem(words.split(separator: "\n").last.map(String.init) ?? "it gave no reason")
    }
  }
}
