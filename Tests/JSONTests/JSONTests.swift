import Foundation
import TestSupport
import Testing

@testable import JSON

@Suite("JSON layer")
struct JSONTests {
  func parse(_ text: String) throws -> JSONView { try JSONDocument(parsing: Array(text.utf8)).root }

  func reason(_ bytes: [UInt8]) -> String {
    do {
      _ = try JSONDocument(parsing: bytes)
      return "(accepted)"
    } catch {
      return error.description
    }
  }

  func reason(_ text: String) -> String { reason(Array(text.utf8)) }

  @Test(arguments: ["0", "-0", "1", "-12", "1.5", "0.10", "1e3", "1E+3", "2.5e-10", "123456789012345678901234567890"])
  func keepsTheSpellingOfNumbers(_ text: String) throws {
    #expect(try parse(text).numberText == text)
    #expect(try parse("[\(text)]").elements.first?.numberText == text)
  }

  @Test(arguments: ["01", "-", "1.", ".5", "+1", "1e", "1e+", "0x10", "1_000", "--1", "-01", "1.e3"])
  func refusesNumbersOutsideTheGrammar(_ text: String) {
    #expect(reason(text) != "(accepted)")
    #expect(reason("[\(text)]") != "(accepted)")
  }

  @Test func readsWholeNumbersOnly() throws {
    #expect(try parse("3").int == 3)
    #expect(try parse("3.0").int == 3)
    #expect(try parse("-1e0").int == -1)
    #expect(try parse("3.5").int == nil)
    #expect(try parse("99999999999999999999").int == nil)
    #expect(try parse("true").int == nil)
    #expect(try parse("2.5").double == 2.5)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}",
    "{'a':1}",
    "{\"a\" 1}", "[1 2]", "]", "}", "[}", "{]", "tru", "nul", "True", "None", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"",
    "\"\\u12g4\"", "1 2", "{}{}", "[],", "\u{FEFF}{}", "/* */1", "\u{C}1",
  ])
  func refusesWhatIsNotJSON(_ text: String) {
    #expect(reason(text) != "(accepted)")
  }

  @Test func namesPythonsNumbers() {
    #expect(reason("{\"a\": NaN}").contains("NaN is not JSON"))
    #expect(reason("[Infinity]").contains("Infinity is not JSON"))
    #expect(reason("[-Infinity]").contains("-Infinity is not JSON"))
  }

  @Test func decodesStrings() throws {
    #expect(try parse(#""""#).string == "")
    #expect(try parse(#""√ × é ’ 😀""#).string == "√ × é ’ 😀")
    #expect(try parse(#""\"\\\/\b\f\n\r\t""#).string == "\"\\/\u{8}\u{C}\n\r\t")
    #expect(try parse(#""\u0041\u00e9\u221A\ud83d\ude00\u0000""#).string == "Aé√😀\0")
    #expect(try parse(#""x^2 \\frac{1}{2} and more text to pass eight bytes\n""#).string?.hasSuffix("bytes\n") == true)
  }

  @Test func readsLoneSurrogatesAsReplacementCharacters() throws {
    #expect(try parse(#""a\ud800b""#).string == "a\u{FFFD}b")
    #expect(try parse(#""\udc00""#).string == "\u{FFFD}")
    #expect(try parse(#""\ud800\ud800\udc00""#).string == "\u{FFFD}\u{10000}")
    #expect(try parse(#""\ud800\n""#).string == "\u{FFFD}\n")
  }

  @Test func looksUpKeys() throws {
    let view = try parse(#"{"a": 1, "b": [true, null, {"c": "d"}], "a": 2, "\u0062b": 3}"#)
    #expect(view["a"]?.int == 2)
    #expect(view["bb"]?.int == 3)
    #expect(view["zz"] == nil)
    #expect(view.value(forKey: "a")?.int == 2)
    #expect(view.keys == ["a", "b", "a", "bb"])
    #expect(view.count == 4)
    let list = view["b"].map { Array($0.elements) } ?? []
    #expect(list.count == 3)
    #expect(list[0].bool == true)
    #expect(list[1].isNull)
    #expect(list[2]["c"]?.string == "d")
    #expect(Array(list[2].raw) == Array(#"{"c": "d"}"#.utf8))
    #expect(list[0].elements.first == nil)
    #expect(list[0]["x"] == nil)
  }

  @Test func checksUTF8WithItsPlace() {
    let bad: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF],
    ]
    for bytes in bad {
      let text = Array("\"abc".utf8) + bytes + Array("\"".utf8)
      #expect(reason(text).contains("UTF-8"), "\(bytes)")
      #expect(reason(text).contains("(byte 4)"), "\(bytes)")
    }
    for good in ["\u{80}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{D7FF}", "\u{E000}"] {
      #expect(reason("\"\(good)\"") == "(accepted)")
    }
  }

  @Test func refusesControlCharactersInStrings() {
    #expect(reason([0x22, 0x00, 0x22]).contains("NUL"))
    #expect(reason("\"a\nb\"").contains("a line ends inside a text"))
    #expect(reason("\"12345678\u{1}\"").contains("0x1"))
    #expect(reason("\"\u{7F}\"") == "(accepted)")
  }

  @Test func limitsNesting() {
    let deepest = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(reason(deepest) == "(accepted)")
    #expect(reason("[" + deepest + "]").contains("deeper than 512"))
    #expect(reason(String(repeating: "[{\"a\":", count: 100_000)).contains("deeper than 512"))
  }

  @Test func limitsTheNumberOfValues() {
    let many = "[" + String(repeating: "0,", count: JSONDocument.maximumValues) + "0]"
    #expect(reason(many).contains("more than 4000000 values"))
  }

  @Test func canonicalFormSortsAndStrips() throws {
    func canonical(_ text: String) throws -> String {
      String(decoding: try JSONDocument(parsing: Array(text.utf8)).canonicalBytes, as: UTF8.self)
    }
    #expect(try canonical(" { \"b\" : 1.0 , \"a\" : [ 1 , 2 ] } ") == #"{"a":[1,2],"b":1.0}"#)
    #expect(try canonical(#"{"a":1,"b":2,"a":3}"#) == #"{"a":3,"b":2}"#)
    #expect(try canonical(#""\u00e9\/\u000a\u0022\u0001\ud83d\ude00\uD800""#) == #""é/\n\"\u0001😀\ud800""#)
    #expect(try canonical(#"{"\u0062":1,"a":2}"#) == #"{"a":2,"b":1}"#)
    #expect(try canonical(#"{"ab":{},"a":[],"":null}"#) == #"{"":null,"a":[],"ab":{}}"#)
    let keys = (0..<100).map { "\"k\(($0 * 37) % 100)\":\($0)" }
    let shuffled = "{\(keys.joined(separator: ","))}"
    let sorted =
      "{\(keys.sorted { $0.prefix(while: { $0 != ":" }) < $1.prefix(while: { $0 != ":" }) }.joined(separator: ","))}"
    #expect(try canonical(shuffled).count == sorted.count)
    #expect(try canonical(shuffled) == canonical(sorted))
  }

  @Test func hashIsOfTheCanonicalForm() throws {
    func hash(_ text: String) throws -> [UInt8] { try JSONDocument(parsing: Array(text.utf8)).canonicalHash }
    #expect(try hash(#"{"a": "é", "b": 1}"#) == hash(#"{"b":1,"a":"\u00e9"}"#))
    #expect(try hash("1") != hash("1.0"))
    #expect(try hash(#""\ud800""#) != hash(#""\ud801""#))
    #expect(try hash("{}").count == 32)
    let long = String(repeating: "x\\u0041", count: 50_000)
    #expect(try hash("[\"\(long)\",\"\(long)\"]") == hash("[\"\(long)\", \"\(long.replacing("\\u0041", with: "A"))\"]"))
  }

  @Test func writes() throws {
    var json = JSONWriter()
    json.object { json in
      json.key("a\"b")
      json.string("é\n\u{1}\\")
      json.key("list")
      json.array { json in
        json.int(-1)
        json.bool(true)
        json.null()
        json.double(0.5)
        json.double(.nan)
        json.array { _ in }
        json.raw(Array("{\"x\": 1e5}".utf8))
      }
      json.key("nothing")
      json.string(nil)
    }
    let text = String(decoding: json.bytes, as: UTF8.self)
    #expect(
      text
        == "{\"a\\\"b\": \"é\\n\\u0001\\\\\", \"list\": [-1, true, null, 0.5, null, [], {\"x\": 1e5}], \"nothing\": null}"
    )
    #expect(try parse(text)["a\"b"]?.string == "é\n\u{1}\\")
  }

  /// What has to be escaped is found wherever it stands among the eight bytes that are looked at together.
  @Test func escapesAtEveryPlace() throws {
    for special in ["\"", "\\", "\u{1f}", "\u{0}", "\t", "é", "\u{7f}", "!", "#", "[", "]", "√", " "] {
      for before in 0..<18 {
        for after in [0, 1, 7, 8, 9] {
          let text = String(repeating: "a", count: before) + special + special + String(repeating: "z", count: after)
          var json = JSONWriter()
          json.string(text)
          let data = Data("[\(String(decoding: json.bytes, as: UTF8.self))]".utf8)
          #expect(try JSONSerialization.jsonObject(with: data) as? [String] == [text])
        }
      }
    }
  }

  @Test func equalDocumentsAreEqualBytes() throws {
    let bytes = try JSONEncoder.sorted.encode(["b/": ["z": 1, "a": 2], "a": ["é": 3]])
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"a":{"é":3},"b/":{"a":2,"z":1}}"#)
  }

  /// What is parsed and written again parses to the same.
  @Test func canonicalFormIsAFixedPoint() throws {
    var random = SplitMix(seed: 99)
    func value(_ depth: Int) -> String {
      switch Int.random(in: 0..<(depth > 4 ? 4 : 6), using: &random) {
      case 0: return ["null", "true", "false"].randomElement(using: &random) ?? "null"
      case 1: return ["0", "-1.50", "1e9", "123"].randomElement(using: &random) ?? "0"
      case 2, 3: return text()
      case 4:
        return "[" + (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth + 1) }.joined(separator: " , ")
          + "]"
      default:
        return "{"
          + (0..<Int.random(in: 0...30, using: &random)).map { _ in text() + ":" + (depth > 2 ? "1" : value(depth + 1))
          }
          .joined(separator: ",\n") + "}"
      }
    }
    func text() -> String {
      let parts = [
        "a", "é", "\\u00e9", "\\\\", "\\/", "\\n", "\\ud800", "\\ud83d\\ude00", "😀", "longer text here", "\\\"",
      ]
      return "\""
        + (0..<Int.random(in: 0...4, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
        + "\""
    }
    for _ in 0..<500 {
      let document = try JSONDocument(parsing: Array(value(0).utf8))
      let canonical = document.canonicalBytes
      let again = try JSONDocument(parsing: canonical)
      #expect(again.canonicalBytes == canonical)
      #expect(again.canonicalHash == document.canonicalHash)
    }
  }
}
