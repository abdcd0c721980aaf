/// What a piece of output is; a theme gives it a colour.
public enum MathRole: Sendable, Hashable {
  /// Prose.
  case text
  /// A letter of a formula.
  case variable
  /// A number of a formula.
  case number
  /// Operators, relations, brackets, fraction bars.
  case op
  /// sin, log, and words in a formula.
  case function
  /// A piece left as source; to be marked.
  case source
  /// A framed result.
  case boxed
  /// Emphasised prose.
  case emphasis
  /// Strong prose and bold letters.
  case strong
  /// A heading.
  case heading
  /// Code, verbatim.
  case code
  /// The bullet or number of a list item.
  case listMarker
}

/// Text of one role.
public struct MathRun: Sendable, Hashable {
  /// The characters, without control characters.
  public var text: String
  /// What they are.
  public var role: MathRole
}

/// One line of output.
public struct MathLine: Sendable, Hashable {
  /// The pieces from left to right.
  public var runs: [MathRun]
  /// The UTF-8 range of the source that this line shows, where known.
  public var source: Range<Int>?

  /// The characters of all pieces.
  public var text: String {
    var result = ""
    for run in runs { result += run.text }
    return result
  }
}

/// How mathematics is shown.
public enum MathMode: Sendable, Hashable {
  /// Displays in two dimensions, the rest in the line.
  case rendered
  /// Every formula in the line.
  case linear
  /// The text as it was written, wrapped.
  case source
}

/// How a text is laid out.
public struct MathOptions: Sendable {
  /// Columns to fill.
  public var width: Int
  /// How mathematics is shown.
  public var mode: MathMode
  /// Whether only ASCII may be used for mathematics.
  public var ascii: Bool
  /// The columns of one character: the caller's one width function.
  public var columns: @Sendable (Character) -> Int

  /// Options; without a width function every character counts by a small built-in table.
  public init(
    width: Int, mode: MathMode = .rendered, ascii: Bool = false,
    columns: @escaping @Sendable (Character) -> Int = MathText.defaultColumns
  ) {
    self.width = width
    self.mode = mode
    self.ascii = ascii
    self.columns = columns
  }
}

/// One formula of a text.
public struct Formula: Sendable, Hashable {
  /// Its range in the text, delimiters included, in UTF-8 bytes.
  public var range: Range<Int>
  /// The LaTeX between the delimiters; with single backslashes where it was escaped twice.
  public var body: String
  /// Whether it stands on its own lines.
  public var isDisplay: Bool
}
