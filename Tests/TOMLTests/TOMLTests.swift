import Testing

@testable import TOML

@Suite struct TOMLTests {
  @Test func everyKindOfValue() throws {
    let table = try TOMLTable(
      #"""
      # A comment with é and "quotes"
      text = "a\tb \u00e9 \U0001F600 \"q\""   # behind a value
      literal = 'C:\path'
      'quoted key' = """
      first \
         folded
      "two" quotes"""""
      lines = '''
      as 'is' '''
      whole = -1_000
      hex = 0xDEAD_beef
      octal = 0o17
      binary = 0b101
      number = 6.26e-2
      large = 1e6
      infinite = -inf
      yes = true
      moment = 1979-05-27T07:32:00.5-08:00
      day = 1979-05-27
      list = [1, "two", [3.0], # three
        { a.b = 4, c = [] },
      ]
      a.b."c.d" = 1

      [tables.first]
      key = 1
      [[tables.list]]
      key = 2
      [[tables.list]]
      key = 3
      [tables.list.inner]
      key = 4
      [tables]
      own = 5
      """#)
    #expect(table["text"] == .string("a\tb é 😀 \"q\""))
    #expect(table["literal"] == .string(#"C:\path"#))
    #expect(table["quoted key"] == .string("first folded\n\"two\" quotes\"\""))
    #expect(table["lines"] == .string("as 'is' "))
    #expect(table["whole"] == .integer(-1000))
    #expect(table["hex"] == .integer(0xDEAD_BEEF))
    #expect(table["octal"] == .integer(15))
    #expect(table["binary"] == .integer(5))
    #expect(table["number"] == .number(0.0626))
    #expect(table["large"] == .number(1e6))
    #expect(table["infinite"] == .number(-.infinity))
    #expect(table["yes"] == .boolean(true))
    #expect(table["moment"] == .date("1979-05-27T07:32:00.5-08:00"))
    #expect(table["day"] == .date("1979-05-27"))
    let list = try #require(table["list"]?.array)
    #expect(list[0...2] == [.integer(1), .string("two"), .array([.number(3)])])
    #expect(list[3].table?["a"]?.table?["b"] == .integer(4))
    #expect(table["a"]?.table?["b"]?.table?["c.d"] == .integer(1))
    let tables = try #require(table["tables"]?.table)
    #expect(tables.keys == ["first", "list", "own"])
    #expect(tables["list"]?.array?.map { $0.table?["key"] } == [.integer(2), .integer(3)])
    #expect(tables["list"]?.array?[1].table?["inner"]?.table?["key"] == .integer(4))
    #expect(tables["own"] == .integer(5))
  }

  @Test func everyValueHasItsLine() throws {
    let table = try TOMLTable("\n\na = 1\r\n[b]\r\nc = [\n1,\n2]\nd = '''\n\n'''\ne = 1\n")
    #expect(table.line(of: "a") == 3)
    #expect(table["b"]?.table?.line(of: "c") == 5)
    #expect(table["b"]?.table?.line(of: "e") == 11)
  }

  @Test func emptyFilesAndByteOrderMarks() throws {
    for text in ["", "\n", "# only this", "\u{FEFF}a = 1"] { _ = try TOMLTable(text) }
  }

  /// The line and a word of what is said about texts that are not TOML.
  @Test(arguments: [
    ("[é]", 1, "needs quotes"), ("[.a]", 1, "name is missing"), ("a = 1\n[[", 2, "name is missing"),
    ("[a", 1, "ends with ]"),
    ("[[a]", 1, "]]"), ("[]", 1, "name is missing"), ("[a.]", 1, "name is missing"), ("a", 1, "="),
    ("a =", 1, "value is missing"),
    ("a = b", 1, "needs quotes"), ("a = 1 b = 2", 1, "more on the line"), ("a = \"x", 1, "no quote"),
    ("a = \"\"\"x\n\n", 1, "three quotes"), ("a = '\n'", 1, "no quote"), ("a = \"\\q\"", 1, "backslash"),
    ("a = \"\\uD800\"", 1, "hexadecimal"), ("a = \"\\u12\"", 1, "hexadecimal"), ("a = \"\\", 1, "backslash"),
    ("a = 1\na = 2", 2, "line 1"), ("[a]\n[a]", 2, "line 1"), ("a.b = 1\n[a]", 2, "line 1"),
    ("a = {b = 1}\na.c = 2", 2, "line 1"),
    ("a = {b = 1}\n[a.c]", 2, "line 1"), ("a = [1]\n[[a]]", 2, "line 1"), ("[a.b]\n[a]\nb.c = 1", 3, "line 1"),
    ("a = [1 2]", 1, "commas"), ("a = [1,,2]", 1, "not a value"), ("a = {b = 1,}", 1, "name is missing"),
    ("a = {\nb = 1}", 1, "name is missing"), ("a = 01", 1, "not a value"), ("a = 1__0", 1, "not a value"),
    ("a = 1.", 1, "not a value"),
    ("a = .5", 1, "not a value"), ("a = 1e", 1, "not a value"), ("a = 0x", 1, "not a value"),
    ("a = -0x1", 1, "not a value"),
    ("a = 9223372036854775808", 1, "does not fit 64 bits"), ("a = 2021-02-30", 1, "not a value"),
    ("a = 25:00:00", 1, "not a value"),
    ("a = 1\u{0}\nb = 2", 1, "control character"), ("# \u{0}", 1, "control character"),
    ("a = \"\u{1}\"", 1, "control character"),
    ("a\u{0} = 1", 1, "="), ("\u{0}", 1, "control character"), ("a = 1\rb = 2", 1, "control character"),
    ("\"\"\"a\"\"\" = 1", 1, "on its line"),
  ])
  func wrongLines(text: String, line: Int, word: String) {
    let error = #expect(throws: TOMLError.self) { try TOMLTable(text) }
    #expect(error?.line == line, "\(text.debugDescription): \(error?.description ?? "")")
    #expect(error?.reason.contains(word) == true, "\(text.debugDescription): \(error?.description ?? "")")
  }

  @Test(arguments: [("a = ", "["), ("[", "a."), ("", "a."), ("", "a = {")])
  func depthIsBounded(start: String, piece: String) {
    let error = #expect(throws: TOMLError.self) {
      try TOMLTable(start + String(repeating: piece, count: 100_000) + "a = 1")
    }
    #expect(error?.reason.contains("deep") == true)
  }

  /// Every text that is a beginning or a middle of TOML, and TOML with one character changed, is read or refused.
  @Test func nothingTraps() {
    let text = "a.'b' = [1, {c = \"\\u00e9\"}, '''x''']\n[é.\"b\"]\nd = 1979-05-27 07:32:00Z\n[[x]]\ne = -1.5e+3\n"
    let scalars = Array(text.unicodeScalars)
    func read(_ scalars: some Sequence<Unicode.Scalar>) {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars)
      _ = try? TOMLTable(String(view))
    }
    for start in scalars.indices {
      for end in start...scalars.count { read(scalars[start..<end]) }
      for other in "[]{}\"'=.,#\\\n\r \u{0}0_-é".unicodeScalars {
        var changed = scalars
        changed[start] = other
        read(changed)
      }
    }
  }
}
