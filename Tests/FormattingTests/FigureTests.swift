import Formatting
import Testing

@Suite("Numbers as people read them")
struct FigureTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (12_300, "12,300"), (1_234_567, "1,234,567"), (-1, "-1"),
    (-999, "-999"), (-1000, "-1,000"), (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
  ])
  func thousands(_ number: Int, _ text: String) { #expect(Figures.count(number) == text) }

  @Test func plurals() {
    #expect(Figures.count(0, "step") == "0 steps")
    #expect(Figures.count(1, "step") == "1 step")
    #expect(Figures.count(-1, "step") == "-1 steps")
    #expect(Figures.count(12_300, "request") == "12,300 requests")
    #expect(Figures.count(1, "prefix", "prefixes") == "1 prefix")
    #expect(Figures.count(2, "prefix", "prefixes") == "2 prefixes")
    #expect(Figures.tally(["a": 2, "b": 1000, "c": 2]) == "b 1,000, a 2, c 2")
    #expect(Figures.tally([:]) == "")
    #expect(Figures.tally("left out", [1: 4, 2: 1, 3: 0]) { "reason \($0)" } == "left out: reason 1 4, reason 2 1")
    #expect(Figures.tally("left out", [Int: Int]()) { "\($0)" } == nil)
  }

  @Test func percents() {
    #expect(Figures.percent(82.31) == "82.3")
    #expect(Figures.percent(nil) == "–")
    #expect(Figures.percent(1, of: 3) == "33.3 %")
    #expect(Figures.percent(0, of: 0) == "0.0 %")
    #expect(Figures.percent(994, of: 1000, digits: 2) == "99.40 %")
  }

  @Test func aShareThatIsNotAllIsNeverShownAsAll() {
    #expect(Figures.share(0, of: 0) == "")
    #expect(Figures.share(0, of: 5) == "0 %")
    #expect(Figures.share(1, of: 1000) == "<1 %")
    #expect(Figures.share(5, of: 6) == "83 %")
    #expect(Figures.share(999, of: 1000) == ">99 %")
    #expect(Figures.share(1000, of: 1000) == "100 %")
  }

  @Test func decimals() {
    #expect(Figures.decimal(0.816, 2) == "0.82")
    #expect(Figures.decimal(-0.1, 2) == "-0.10")
    #expect(Figures.decimal(-0.001, 2) == "0.00", "no negative zero")
    #expect(Figures.decimal(-0.4, 0) == "0")
    #expect(Figures.decimal(-.infinity, 1) == "-inf")
    #expect(Figures.decimal(nil, 1) == "–")
    #expect(Figures.signed(3.24) == "+3.2")
    #expect(Figures.signed(-3.24) == "-3.2")
    #expect(Figures.signed(nil) == "–")
    #expect(Figures.chance(0.0009) == "< 0.001")
    #expect(Figures.chance(0.001) == "0.001")
    #expect(Figures.chance(nil) == "–")
  }

  @Test(arguments: [
    (0, "0"), (0.125, "0.125"), (0.5, "0.500"), (3, "3"), (12.345, "12.35"), (123.45, "123.5"), (99_999, "99999"),
    (150_000, "1.5e5"), (0.00001, "1e-5"), (-0.25, "-0.250"),
  ])
  func significantDigits(_ value: Double, _ text: String) { #expect(Figures.significant(value) == text) }

  @Test(arguments: [
    (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
    (20_000_000, "20.0 MB"), (1_300_000_000, "1.3 GB"), (2_000_000_000_000_000, "2000.0 TB"),
  ])
  func sizes(_ bytes: Int, _ text: String) { #expect(Figures.size(bytes) == text) }

  @Test(arguments: [
    (0.4, 0), (0.6, 1), (-1.6, -2), (1e300, Int.max), (-1e300, .min), (.infinity, .max), (.nan, 0),
    (9.2e18, 9_200_000_000_000_000_000),
  ])
  func numbersThatDoNotFit(_ value: Double, _ whole: Int) { #expect(Int(saturating: value) == whole) }

  @Test func ratesAndMoney() {
    #expect(Figures.rate(8.44) == "8.4")
    #expect(Figures.rate(12_345.6) == "12,346")
    #expect(Figures.rate(.infinity) == Figures.count(.max) && Figures.rate(.nan) == "nan")
    #expect(Figures.money(12.3, "USD") == "USD 12.30")
    #expect(Figures.money(0.0042, "EUR") == "EUR 0.0042")
  }

  @Test(arguments: [
    (0, "0 s", "0 s"), (-3, "0 s", "0 s"), (59.4, "59 s", "59 s"), (59.6, "1 min 00 s", "1 min"),
    (200, "3 min 20 s", "3 min"), (3599, "59 min 59 s", "59 min"), (7500, "2 h 05 min", "2 h 05 min"),
    (273_600, "3 d 4 h", "3 d 4 h"), (.infinity, "very long", "very long"), (.nan, "very long", "very long"),
  ])
  func durations(_ seconds: Double, _ exact: String, _ rough: String) {
    #expect(Figures.duration(seconds) == exact)
    #expect(Figures.roughDuration(seconds) == rough)
  }

  @Test func shortTimes() {
    #expect(Figures.seconds(4.24) == "4.2 s")
    #expect(Figures.latency(0.04) == "40 ms")
    #expect(Figures.latency(0.96) == "1.0 s")
    #expect(Figures.clock(65) == "1:05")
    #expect(Figures.clock(3600) == "60:00")
    #expect(Figures.clock(.nan) == "0:00")
  }
}
