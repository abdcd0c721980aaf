import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Two reviewers' verdicts for the sample data, for screens about reviewers.
extension Bench {
  /// Ana and rt rate the first solutions; they differ at two steps.
  func reviewedByTwo() throws {
    let rows = try workspace.rows(Array(1...6), reviewer: "rt")
    var time = Date(timeIntervalSince1970: 1_700_000_000)
    for row in rows {
      for (index, rating) in row.ratings.enumerated() {
        guard let rating else { continue }
        for name in ["ana", "rt"] {
          time += 7
          let differs = (row.id == 2 && index == 1 && name == "ana") || (row.id == 4 && index == 0 && name == "rt")
          try workspace.record(
            ReviewDecision(
              solution: row.key, step: index + 1, .verdict(differs ? .incorrect : rating), elapsed: 7000),
            by: ReviewContext(reviewer: name, mode: index == 0 ? .blind : .audit), now: time)
        }
      }
    }
    try workspace.record(
      ReviewDecision(solution: rows[1].key, step: 2, .comment("The sign is lost here.")),
      by: ReviewContext(reviewer: "ana"), now: time)
  }
}

/// The statistics screen.
@Suite struct StatisticsBehaviour {
  @Test func everyPageIsReachedByKeysAndTellsSomething() throws {
    let bench = try Bench()
    try bench.reviewedByTwo()
    try bench.type("f6")
    bench.model.settle()
    var seen: [String] = []
    for topic in FigureTopic.allCases {
      #expect(bench.statistics.topic == topic)
      let screen = bench.screen()
      seen.append(screen)
      #expect(screen.contains("▸ \(topic.title)"))
      try bench.type("j")
    }
    #expect(Set(seen).count == FigureTopic.allCases.count)
    #expect(bench.statistics.topic == FigureTopic.allCases.last, "the end is the end")
    try bench.type("g")
    #expect(bench.statistics.topic == .progress)
    try bench.type("q")
    #expect(bench.model.top.id == .queue)
  }

  @Test func aDecisionIsCountedWhenTheScreenIsOpenedAgain() throws {
    let bench = try Bench()
    try bench.type("f6")
    bench.model.settle()
    #expect(bench.statistics.figures?.reviewers.isEmpty == true)
    try bench.type("q enter n q f6")
    bench.model.settle()
    #expect(bench.statistics.figures?.reviewers.map(\.reviewer) == ["rt"])
    #expect(bench.statistics.figures?.reviewers.first?.verdicts == 1)
    try bench.type("u r")
    bench.model.settle()
    #expect(bench.statistics.figures?.reviewers.first?.verdicts == 0)
  }

  @Test func longPagesScroll() throws {
    let bench = try Bench(size: Size(width: 80, height: 14))
    try bench.reviewedByTwo()
    try bench.type("f6")
    bench.model.settle()
    for _ in 0..<7 { try bench.type("j") }
    #expect(bench.statistics.topic == .agreement)
    let first = bench.screen()
    #expect(first.contains("lines 1–"))
    try bench.type("space")
    #expect(bench.screen() != first)
    for _ in 0..<9 { try bench.type("space") }
    #expect(bench.screen().contains("first error") == false || bench.statistics.scroll > 0)
    let end = bench.screen()
    try bench.type("space")
    #expect(bench.screen() == end)
    try bench.type("page-up")
    #expect(bench.screen() != end)
  }

  @Test func blindReviewersAreNotToldFiguresOfLabels() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("f6")
    bench.model.settle()
    #expect(bench.screen().contains("not touched"))
    try bench.type("j")
    #expect(bench.screen().contains("would reveal labels") && !bench.screen().contains("with an error"))
    try bench.type("m")
    #expect(bench.screen().contains("with an error"))
  }

  @Test func aGoalIsShownBesideTheDaysWork() throws {
    let bench = try Bench(size: Size(width: 80, height: 24), settingsText: "[review]\ndaily_goal = 2\n")
    #expect(bench.screen().contains("today 0/2 decisions"))
    try bench.type("enter y y")
    #expect(bench.screen().contains("today 2/2 decisions ✓"))
    #expect(try Bench().screen().contains("today 0 decisions"))
  }

  @Test func aWrongSettingIsNamedAtTheStart() throws {
    #expect {
      _ = try Bench(settingsText: "[review]\ndaily_goal = \"many\"\n")
    } throws: {
      "\($0)".contains("'review.daily_goal' must be a whole number")
    }
  }

  @Test func blindReviewersAreNotToldWhichItemsCheckThem() throws {
    for (mode, isTold) in [(ReviewMode.audit, true), (.blind, false)] {
      let bench = try Bench(mode: mode)
      try bench.model.open(try #require(bench.workspace.screeningItems().first))
      #expect(bench.screen().contains("screening item") == isTold)
    }
  }

  @Test func barsAndIntervalsTellTheSameAsNumbers() {
    let rows: [[Int?]] = [[1, 1], [1, 1], [-1, -1], [1, -1], [1, 1], [-1, -1], [1, 1], [1, 1]]
    let figures = AgreementFigures(RatingTable(raters: ["ana", "rt"], rows: rows))
    let report = AgreementReport([])
    var copy = report
    copy.judgement = figures
    let lines = FigureView.text(copy.page, width: 80, glyphs: .unicode, bars: true)
    let alpha = lines.first { $0.contains("Krippendorff's alpha") } ?? ""
    #expect(alpha.contains("├") && alpha.contains("●") && alpha.contains("┤"))
    let plain = FigureView.text(copy.page, width: 80, glyphs: .ascii, bars: false)
    #expect(plain.allSatisfy { line in line.unicodeScalars.allSatisfy { $0.isASCII } })
    #expect(plain.contains { $0.contains("Cohen's kappa") && $0.contains("0.71") })
  }
}
