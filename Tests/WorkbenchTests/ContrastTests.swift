import Foundation
import Terminal
import Testing

@testable import Workbench

/// Contrast of the themes that choose their own background, by the formula of WCAG 2.
@Suite struct ContrastTests {
  /// Red, green and blue of a colour of the 256: the usual sixteen of xterm, the cube, the grays.
  private func rgb(_ index: UInt8) -> [Double] {
    let base: [[Double]] = [
      [0, 0, 0], [205, 0, 0], [0, 205, 0], [205, 205, 0], [0, 0, 238], [205, 0, 205], [0, 205, 205], [229, 229, 229],
      [127, 127, 127], [255, 0, 0], [0, 255, 0], [255, 255, 0], [92, 92, 255], [255, 0, 255], [0, 255, 255],
      [255, 255, 255],
    ]
    if index < 16 { return base[Int(index)] }
    if index >= 232 { return Array(repeating: Double(8 + 10 * (Int(index) - 232)), count: 3) }
    let cube = Int(index) - 16
    return [cube / 36, cube / 6 % 6, cube % 6].map { $0 == 0 ? 0 : Double(55 + 40 * $0) }
  }

  private func luminance(_ index: UInt8) -> Double {
    let parts = rgb(index).map { value in
      let share = value / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  private func contrast(_ a: UInt8, _ b: UInt8) -> Double {
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test func theFormulaIsThatOfWCAG() {
    #expect(abs(contrast(16, 231) - 21) < 0.01)
    #expect(contrast(16, 16) == 1)
  }

  /// Lines and bars are not text: 3:1 is enough for them (WCAG 1.4.11).
  private static let lines: Set<String> = ["border", "barFull", "barEmpty", "progress"]

  @Test(arguments: ["dark", "light", "high-contrast", "colour-blind"])
  func everyTextIsReadable(name: String) throws {
    let theme = try ThemeFiles.load(name, folders: [])
    guard case .indexed(let usual) = theme[.text].background, case .indexed(let ink) = theme[.text].foreground else {
      Issue.record("\(name) leaves its text to the terminal")
      return
    }
    for (role, style) in theme.styles {
      var (front, back) = (ink, usual)
      if case .indexed(let index) = style.foreground { front = index }
      if case .indexed(let index) = style.background { back = index }
      let least = Self.lines.contains(role.rawValue) ? 3.0 : 4.5
      #expect(contrast(front, back) >= least, "\(name): \(role.rawValue) has \(contrast(front, back))")
      // In a window the same text lies on the window's background.
      if case .indexed(let popup) = theme[.popup].background, style.background == theme[.text].background {
        #expect(contrast(front, popup) >= least, "\(name): \(role.rawValue) in a window has \(contrast(front, popup))")
      }
    }
  }
}
