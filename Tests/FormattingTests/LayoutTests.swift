import Formatting
import Testing

@Suite("Hexadecimal digits, bars, tables, pages")
struct LayoutTests {
  @Test func hexadecimalDigits() {
    #expect(Hex.string([]) == "")
    #expect(Hex.string([0, 15, 16, 171, 255]) == "000f10abff")
    #expect(Hex.bytes("000f10abff", count: 5) == [0, 15, 16, 171, 255])
    for text in ["", "00", "000f10abfg", "000f10abff00", "０００f10abff"] { #expect(Hex.bytes(text, count: 5) == nil) }
    let all = Array(UInt8.min...UInt8.max)
    #expect(Hex.bytes(Hex.string(all), count: 256) == all)
    #expect(Hex.padded(0xE9) == "00e9")
    #expect(Hex.padded(0x1F600, uppercase: true) == "1F600")
  }

  @Test func onlyAllIsDrawnFullAndOnlyNothingEmpty() {
    #expect(Bar.line(0, width: 10) == "----------")
    #expect(Bar.line(0.001, width: 10) == "#---------")
    #expect(Bar.line(0.5, width: 10) == "#####-----")
    #expect(Bar.line(0.999, width: 10) == "#########-")
    #expect(Bar.line(1, width: 10) == "##########")
    #expect(Bar.line(7, width: 3) == "###")
    #expect(Bar.line(.nan, width: 3) == "---")
    #expect(Bar.line(0.5, width: -1) == "")
    #expect(Bar.filled(0.5, of: 1) == 0)
    #expect(Bar.line(1, of: 1000, width: 24) == "#")
    #expect(Bar.line(0, of: 0, width: 24) == "")
    for parts in 0...20 {
      for step in 0...100 {
        let filled = Bar.filled(Double(step) / 100, of: parts)
        #expect((0...parts).contains(filled))
        #expect(filled >= Bar.filled(Double(max(step - 1, 0)) / 100, of: parts))
      }
    }
  }

  private let table = TextTable(
    header: ["set", "rows", "note"], rows: [["gsm8k", "400", "a|b"], ["é", "1,000", ""]], words: [0, 2])

  @Test func tableLinesAreAligned() {
    #expect(table.lines() == ["set     rows  note", "gsm8k    400  a|b", "é      1,000"])
    #expect(TextTable(words: [["a", "b"], [], ["ccc"]]).lines() == ["a    b", "", "ccc"])
    #expect(TextTable().lines() == [])
    let wide = TextTable(words: [["漢", "x"], ["abc", "y"]])
    #expect(wide.lines(width: { $0 == "漢" ? 2 : $0.count }) == ["漢   x", "abc  y"])
    #expect(table.mapCells { $0.uppercased() }.header == ["SET", "ROWS", "NOTE"])
  }

  @Test func tablesInOtherForms() {
    #expect(
      table.markdown == """
        | set | rows | note |
        | --- | ---: | --- |
        | gsm8k | 400 | a\\|b |
        | é | 1,000 |  |
        """)
    #expect(table.csv == "set,rows,note\ngsm8k,400,a|b\né,\"1,000\",")
    let formulas = TextTable(rows: [["=1+1", "-2", "-x", "say \"no\"", "two\nlines"]])
    #expect(formulas.csv == "'=1+1,-2,'-x,\"say \"\"no\"\"\",\"two\nlines\"")
    #expect(
      TextTable(header: ["a<"], rows: [["&"], ["b"]], words: []).html
        == "<table><thead><tr><th>a&lt;</th></tr></thead><tbody><tr><td>&amp;</td></tr><tr><td>b</td></tr></tbody></table>"
    )
    #expect(table.html.hasPrefix("<table><thead><tr><th class=\"t\">set</th><th>rows</th>"))
  }

  @Test func nothingInATextBecomesMarkup() {
    #expect(HTML.escaped("<a href=\"x\" id='y'>&</a>") == "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;")
    #expect(HTML.escaped("√2 é 漢 😀\t\n") == "√2 é 漢 😀\t\n")
    #expect(HTML.escaped("") == "")
  }

  @Test func controlsDoNotReachAPage() {
    for value in (UInt32(0)...0x2100).filter({ $0 != 0x09 && $0 != 0x0A }) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let isHostile = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
      #expect((HTML.escaped(String(scalar)) == "\u{FFFD}") == isHostile, "U+\(Hex.padded(value))")
    }
    #expect(HTML.escaped("\u{FFFE}\u{FFFF}\r\n") == "\u{FFFD}\u{FFFD}\u{FFFD}\n")
  }

  @Test func noTagBeginsInAScript() {
    #expect(HTML.script("[\"</script>\u{2028}\"]") == "[\"\\u003c/script>\\u2028\"]")
  }
}
