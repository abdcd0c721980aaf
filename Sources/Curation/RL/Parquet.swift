/// Writes rows as parquet too, by the Python package `pyarrow`: trainers read it faster, and it has types.
struct ParquetConversion {
  private static let source = """
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
    let program = PythonProgram(source: source)
    do throws(PythonProgram.Failure) {
      _ = try program.run(files.flatMap { [$0.source, $0.target] })
    } catch {
      throw ExportError(
        description:
          "parquet cannot be written by '\(program.python)': \(error.reason). Another interpreter is named in "
          + "DEEPCRITIC_PYTHON; without --parquet only JSON Lines are written, which trainers read too.")
    }
  }
}
