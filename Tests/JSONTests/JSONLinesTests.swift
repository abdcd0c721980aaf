import JSON
import Testing

@Suite struct JSONLinesTests {
  @Test func charactersAtWhichReadersSplitAreEscapedAndNothingElse() throws {
    let plain = Array(#"{"a": "é ‐ \u2028 “x”"}"#.utf8)
    #expect(JSONLines.escaped(plain) == plain)
    let text = "{\"a\u{2028}\": \"1\u{2029}2\u{85}3 \u{2027}\"}"
    let line = JSONLines.escaped(Array(text.utf8))
    #expect(String(decoding: line, as: UTF8.self) == "{\"a\\u2028\": \"1\\u20292\\u00853 \u{2027}\"}")
    #expect(try JSONDocument(parsing: line).root["a\u{2028}"]?.string == "1\u{2029}2\u{85}3 \u{2027}")
  }
}
