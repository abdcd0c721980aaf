import TestSupport
import Testing

@testable import Terminal

@Suite struct ChartTests {
  @Test func extremesAreThoseOfEveryRange() {
    var random = SplitMix(seed: 7)
    var values: [Double] = []
    var line = ChartSeries(name: "a")
    for x in 0..<5000 {
      let value = Double(random.next() % 100_000)
      values.append(value)
      line.append(x: Double(x), y: value)
    }
    for _ in 0..<500 {
      let (a, b) = (Int(random.next() % 5000), Int(random.next() % 5000))
      guard a != b else { continue }
      let range = min(a, b)..<max(a, b)
      let extent = line.extent(range)
      #expect(extent?.low == values[range].min() && extent?.high == values[range].max())
    }
    #expect(line.extent(3..<3) == nil)
  }

  @Test func goingBackReplacesWhatCameAfter() {
    var line = ChartSeries(name: "a", points: (0..<1000).map { (Double($0), 9.0) })
    line.append(x: 300, y: 1)
    line.append(x: 301, y: 2)
    #expect(line.count == 302)
    #expect(line.xs.last == 301 && line.extent(300..<302)?.high == 2)
    #expect(line.extent(0..<302)?.low == 1)
  }

  @Test func valuesThatAreNoNumbersAreCountedAndStandNowhere() {
    let line = ChartSeries(name: "loss", points: [(0, 1), (1, .nan), (2, .infinity), (3, 2)])
    #expect(line.count == 2 && line.skipped == 2)
    #expect(drawn([line]).contains("2 not finite"))
  }

  private func drawn(
    _ series: [ChartSeries], width: Int = 60, height: Int = 12, glyphs: Glyphs = .unicode,
    zoom: ClosedRange<Double>? = nil
  ) -> String {
    var canvas = Canvas(size: Size(width: width, height: height), glyphs: glyphs)
    var chart = Chart(title: "reward", xTitle: "step")
    chart.series = series
    chart.xRange = zoom
    chart.draw(in: &canvas, area: canvas.bounds)
    return canvas.text()
  }

  @Test func aSpikeBetweenColumnsIsSeen() {
    let flat = ChartSeries(name: "a", points: (0..<100_000).map { (Double($0), $0 == 54_321 ? 100.0 : 0.0) })
    let rows = drawn([flat]).split(separator: "\n", omittingEmptySubsequences: false)
    let dots: (Substring) -> Bool = { row in row.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) } }
    #expect(dots(rows[1]), "the spike reaches the top row")
    #expect(rows[1..<9].allSatisfy { dots($0) })
  }

  @Test func axesHaveRoundMarks() {
    let text = drawn([ChartSeries(name: "rl-1", points: (0...200).map { (Double($0), Double($0) / 200) })])
    for mark in [
      "0 ┤", "0.5", "1.0", " 50 ",
      " 100 "
        + "", "step", "reward", "rl-1",
    ] { #expect(text.contains(mark), "\(mark)") }
    let small = ChartSeries(name: "a", points: [(0, 1e-5), (1000, 5e-5), (2000, 2e-5)])
    #expect(drawn([small]).contains("e-5"))
  }

  @Test func severalLinesAreToldApartWithoutColour() {
    let up = ChartSeries(name: "up", points: (0...50).map { (Double($0), Double($0)) })
    let down = ChartSeries(name: "down", points: (0...50).map { (Double($0), Double(50 - $0)) })
    let fine = drawn([up, down])
    #expect(fine.contains("● up") && fine.contains("▲ down"))
    #expect(fine.count { $0 == "●" } > 3 && fine.count { $0 == "▲" } > 3)
    let plain = drawn([up, down], glyphs: .ascii)
    #expect(plain.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(plain.count { $0 == "*" } > 20 && plain.count { $0 == "+" } > 20)
  }

  @Test func strangeValuesAndSizesDoNotBreakIt() {
    let wild = ChartSeries(
      name: "wild", points: [(-1e300, -1e308), (0, 0), (1e-9, 1e308), (5, -3), (1e300, 1e308)])
    let lines = [wild, ChartSeries(name: "one", points: [(3, 4)]), ChartSeries(name: "none")]
    let zooms: [ClosedRange<Double>?] = [nil, 0.0...1e-9, 4.0...4.0, -1e300...1e300]
    for width in [0, 1, 5, 19, 20, 21, 80] {
      for height in [0, 1, 2, 4, 5, 6, 30] {
        for zoom in zooms {
          for glyphs in [Glyphs.unicode, .ascii] {
            _ = drawn(lines, width: width, height: height, glyphs: glyphs, zoom: zoom)
          }
        }
      }
    }
    #expect(drawn([]).contains("No values yet."))
  }

  @Test func smoothingBeginsAtTheFirstValue() {
    let line = ChartSeries(name: "a", points: (0..<100).map { (Double($0), $0 % 2 == 0 ? 1.0 : 3.0) })
    let smooth = line.smoothed(0.9)
    #expect(smooth.ys.first == 1)
    #expect(abs((smooth.ys.last ?? 0) - 2) < 0.2)
    #expect(line.smoothed(0).ys == line.ys)
  }

  @Test func courseInOneRow() {
    let line = ChartSeries(name: "a", points: (0..<80).map { (Double($0), Double($0)) })
    #expect(Sparkline.text(line, width: 8, glyphs: .unicode) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text(ChartSeries(name: "b"), width: 8, glyphs: .unicode).isEmpty)
  }
}
