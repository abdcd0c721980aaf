import Formatting

/// Writes rows as parquet too, by the Python package `pyarrow`: trainers read it faster, and it has types.
enum ParquetConversion {
  private static let source = """
    import sys
    try:
        import pyarrow.json, pyarrow.parquet
    except ImportError:
        sys.exit("the Python package pyarrow is missing")
    for source, target in zip(sys.argv[1::2], sys.argv[2::2]):
        options = pyarrow.json.ReadOptions(block_size=1 << 30)
        pyarrow.parquet.write_table(pyarrow.json.read_json(source, read_options=options), target)
    """

  /// Converts files.
  ///
  /// - Throws: ``ExportError``.
  static func convert(_ files: [(source: String, target: String)]) async throws {
    _ = try await PythonProgram.run(source, files.flatMap { [$0.source, $0.target] }) { python, reason in
      ExportError(
        description: "cannot write Parquet with '\(python)': \(Clause.of(reason)). Another interpreter is named in "
          + "DEEPCRITIC_PYTHON; without --parquet only JSON Lines are written, which trainers read too.")
    }
  }
}
