import JSON

/// Finds a file's format from the keys of its first valid record.
enum FormatDetector {
  /// Reads pieces until one is an object, adding all that the reader must still deliver to `read`.
  ///
  /// Damaged records before it are turned into `bad` pieces at once, so that they hold no memory. The header of a review
  /// log export is returned apart and not delivered.
  static func search(
    _ splitter: inout RecordSplitter, _ buffer: InputBuffer, _ document: inout JSONDocument, _ read: inout [Piece],
    _ path: String, _ limits: ReaderLimits, _ asked: DatasetFormat?
  ) throws(DatasetError) -> (DatasetFormat?, header: [UInt8]?) {
    var firstBad: (line: Int, reason: String)?
    var firstOther: (line: Int, kind: JSONKind)?
    while read.count < limits.badRecordsBeforeGivingUp, let piece = splitter.next() {
      let bad: (line: Int, error: RecordError)
      switch piece {
      case .bad(let line, let reason, let remedy): bad = (line, RecordError(reason, remedy: remedy))
      case .record(let raw, let line, let unended):
        if let error = parse(raw, &document) {
          bad = (line, DatasetReader.explain(error, in: raw, line: line, unended: unended))
          break
        }
        let root = document.root
        guard root.kind == .object else {
          firstOther = firstOther ?? (line, root.kind)
          bad = (line, RecordError("a record must be an object, not \(root.kind.word)"))
          break
        }
        var found = asked
        if found == nil { found = try format(of: root, path: path, line: line) }
        guard found == .reviews else {
          read.append(piece)
          return (found, nil)
        }
        try checkHeader(root, path)
        return (.reviews, raw)
      }
      firstBad = firstBad ?? (bad.line, bad.error.reason)
      read.append(.bad(line: bad.line, reason: bad.error.reason, remedy: bad.error.remedy))
    }
    if let failure = buffer.takeFailure() { throw failure }
    if let (line, kind) = firstOther {
      throw .unknownFormat(path: path, hint: "records must be objects, but line \(line) holds \(kind.word)")
    }
    if let (line, reason) = firstBad { throw .notJSON(path: path, line: line, reason: reason) }
    return (nil, nil)
  }

  private static func parse(_ raw: [UInt8], _ document: inout JSONDocument) -> JSONError? {
    do {
      try document.parse(raw)
      return nil
    } catch {
      return error
    }
  }

  private static func format(of root: JSONView, path: String, line: Int) throws(DatasetError) -> DatasetFormat {
    if let format = format(of: root) { return format }
    let keys = keyList(root)
    throw .unknownFormat(
      path: path,
      hint: "its first record (line \(line)) has \(keys), which fits none of "
        + DatasetFormat.allCases.map(\.rawValue).joined(separator: ", ") + "; name the format to read it as one of them"
    )
  }

  private static func checkHeader(_ root: JSONView, _ path: String) throws(DatasetError) {
    guard root["format"]?.string == "deepcritic-reviews" else {
      throw .unknownFormat(
        path: path,
        hint: "a review log export must start with a line {\"format\": \"deepcritic-reviews\", \"version\": 1}")
    }
    guard root["version"]?.int == 1 else {
      let version = root["version"].map { String(decoding: $0.raw.prefix(40), as: UTF8.self) } ?? "missing"
      throw .unknownFormat(
        path: path, hint: "the review log's version is \(version) and this program reads version 1; update the program")
    }
  }

  /// The format whose keys a record has; `nil` when none fits.
  static func format(of root: JSONView) -> DatasetFormat? {
    if root["format"]?.string == "deepcritic-reviews" { return .reviews }
    if root["question"]?.kind == .object, root["label"]?.kind == .object { return .prm800k }
    if root["model_output_steps"] != nil { return .mrgsm8kOriginal }
    if root["modified_process"] != nil, root["error_steps"] != nil { return .prmbench }
    if let steps = root["steps"], steps.kind == .array, root["problem"] != nil || root["question"] != nil {
      return format(ofSteps: steps, in: root)
    }
    // Before the chat formats: NuminaMath rows carry `messages` too.
    if root["problem"] != nil, root["solution"] != nil || root["answer"] != nil { return .problems }
    if root["question"] != nil, root["answer"] != nil { return .problems }
    if root["prompt"]?.kind == .string,
      root["answer"] != nil || root["solutions"] != nil || root["correct_solutions"] != nil
    {
      return .rollout
    }
    if root["messages"]?.kind == .array { return .sft }
    return nil
  }

  private static func format(ofSteps steps: JSONView, in root: JSONView) -> DatasetFormat {
    let first = steps.elements.first
    let ofDeepCritic =
      root["contain_erroneous_step"] != nil || root["critic_labels"] != nil || root["gt_answer"] != nil
      || first?["step_index"] != nil
    if ofDeepCritic, root["problem"] != nil, first == nil || first?.kind == .object { return .deepcritic }
    if first?.kind == .string, root["label"] != nil, root["final_answer_correct"] != nil, root["problem"] != nil {
      return root["id"]?.int != nil && root["generator"]?.string == "" ? .mrgsm8k : .processbench
    }
    return .generic
  }

  /// "the keys a, b and 3 more", for messages.
  static func keyList(_ root: JSONView) -> String {
    let keys = root.keys
    if keys.isEmpty { return "no keys" }
    let shown = keys.prefix(12).map { "`\($0.prefix(40))`" }.joined(separator: ", ")
    return keys.count > 12 ? "the keys \(shown) and \(keys.count - 12) more" : "the keys \(shown)"
  }
}
