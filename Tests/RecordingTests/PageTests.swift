import Foundation
import Hashing
import Terminal
import Testing

@testable import Recording

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Pictures and pages of frames.
@Suite struct PageTests {
  private static let hostile = "</pre></script><script>alert(1)</script>]]>&amp;\"'\u{1B}[0m\u{202E}"

  private static func frame(_ draw: (inout Canvas) -> Void) -> Frame {
    var canvas = Canvas(size: Size(width: 80, height: 6))
    draw(&canvas)
    return Frame(canvas)
  }

  private static func film() -> Film {
    var film = Film()
    film.add(frame { $0.put(hostile, x: 0, y: 0) }, at: 0)
    film.add(
      frame { $0.put("漢字 x² " + hostile, x: 0, y: 1, style: Style(foreground: .indexed(1), bold: true)) }, at: 900)
    return film
  }

  /// The text of a page's screen as a browser has it.
  private static func text(_ html: String) throws -> String {
    let start = try #require(html.range(of: "<pre id=\"screen\">"))
    let end = try #require(html.range(of: "</pre>", range: start.upperBound..<html.endIndex))
    return String(html[start.upperBound..<end.lowerBound]).replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
      .replacing("&amp;", with: "&")
  }

  @Test func aPageShowsTheFramesText() throws {
    for entry in Self.film().frames {
      let page = ScreenPage(palette: .dark, title: "x").still(entry.frame)
      let lines = try Self.text(page).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(lines == entry.frame.lines)
      #expect(!page.contains("<script"))
    }
  }

  @Test func nothingOfTheScreenBecomesMarkupOrScript() throws {
    let page = ScreenPage(palette: .light, title: Self.hostile).player(Self.film())
    // The film's own element and the player's; nothing else opens or closes one.
    #expect(page.ranges(of: "<script").count == 2)
    #expect(page.ranges(of: "</script").count == 2)
    #expect(page.ranges(of: "</pre").count == 1)
    #expect(!page.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    #expect(page.contains("default-src 'none'"))
    for word in ["http:", "https:", "src=", "@import", "url("] { #expect(!page.contains(word), "\(word)") }
    let svg = SVGPicture(Self.film().frames[0].frame, palette: .dark, title: Self.hostile).document
    #expect(!svg.contains("<script") && !svg.contains("</pre"))
    #expect(svg.contains("&lt;script&gt;"))
  }

  @Test func thePolicyNamesThePlayersScript() throws {
    let hash = Data(SHA256.hash(data: Data(PackageResources.player_js))).base64EncodedString()
    #expect(ScreenPage.scriptHash == hash, "put this hash into ScreenPage after a change to player.js")
  }

  @Test func framesAreShapesAndTextKeepsItsColumns() throws {
    let frame = Self.frame {
      $0.box(Rect(x: 0, y: 0, width: 20, height: 3))
      $0.put("two words  and 漢 √x", x: 1, y: 1)
      $0.put("bar ▌█▁", x: 30, y: 1, style: Style(foreground: .indexed(4), background: .indexed(236), underline: true))
    }
    let svg = SVGPicture(frame, palette: .dark, title: "frame").document
    for sign in ["─", "│", "┌", "▌", "█"] { #expect(!svg.contains(sign)) }
    #expect(svg.contains("textLength=\"81\" lengthAdjust=\"spacingAndGlyphs\">two words</text>"))
    #expect(
      svg.contains("<text x=\"\(12 + 16 * 9)\" y=\"45\" textLength=\"18\" lengthAdjust=\"spacingAndGlyphs\">漢</text>"))
    #expect(svg.contains("<text x=\"\(12 + 19 * 9)\" y=\"45\">√</text>"))
    #expect(svg.contains("<path fill=\"#303030\""))
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }

  @Test func coloursComeFromOnePlace() {
    #expect(Palette.dark.color(.indexed(196), else: Palette.dark.foreground) == RGB(0xff0000))
    #expect(Palette.dark.color(.indexed(234), else: Palette.dark.foreground) == RGB(0x1c1c1c))
    let light = Palette(
      theme: Theme(name: "t", styles: [.text: Style(foreground: .indexed(235), background: .indexed(255))]))
    #expect(light.background == RGB(0xeeeeee) && light.base == Palette.light.base)
    let reversed = Palette.dark.colors(Style(foreground: .indexed(196), reverse: true))
    #expect(reversed.ground == RGB(0xff0000) && reversed.text == Palette.dark.background)
    #expect(RGB(hex: "#12ab9f")?.hex == "#12ab9f")
    for wrong in ["123456", "#12345", "#12345g", "#+12345"] { #expect(RGB(hex: wrong) == nil) }
  }

  @Test func textAndColoursOfAFrame() {
    let frame = Self.frame {
      $0.put("plain", x: 0, y: 0)
      $0.put("red", x: 6, y: 0, style: Style(foreground: .indexed(1)))
    }
    #expect(frame.lines[0] == "plain red")
    #expect(frame.ansiLines[0] == "plain \u{1B}[0;31mred\u{1B}[0m")
    #expect(frame.ansiLines[1].isEmpty)
  }
}
