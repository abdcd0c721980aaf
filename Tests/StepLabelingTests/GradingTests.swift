import Foundation
import ReviewStore
import Testing

@testable import StepLabeling

struct AnswerTextTests {
  @Test func theLastBoxIsTheAnswer() {
    #expect(AnswerText.extracted(from: "So \\boxed{1} or rather \\boxed{\\frac{1}{2}}.") == "\\frac{1}{2}")
    #expect(AnswerText.extracted(from: " 42 ") == "42")
  }

  @Test(arguments: [
    ("\\dfrac{1}{2}", "\\frac{1}{2}"), ("$x = 5$", "x=5"), ("\\left( 1, 2 \\right)", "(1,2)"), ("3.", "3"),
    ("\\$ 5", "5"), ("1{,}000", "1{,}000"),
  ])
  func whatNeverMattersIsLeftOut(text: String, normal: String) {
    #expect(AnswerText.normalized(text) == normal)
  }

  @Test func whatMattersStays() {
    #expect(AnswerText.normalized("1 2") != AnswerText.normalized("12"))
    #expect(AnswerText.normalized("[1,2]") != AnswerText.normalized("(1,2)"))
    #expect(AnswerText.normalized("no solution") != AnswerText.normalized("nosolution"))
    #expect(AnswerText.normalized("0.5") != AnswerText.normalized("05"))
  }
}

@Suite(.needsGrading)
struct GradingPoolTests {
  private func withPool<T>(
    _ change: (inout GradingSettings) -> Void = { _ in }, _ body: (GradingPool) async throws -> T
  ) async throws -> T {
    var settings = GradingSettings()
    change(&settings)
    let pool = GradingPool(settings, python: gradingPython ?? "")
    defer { pool.shutdown() }
    return try await body(pool)
  }

  @Test func gradesComeInTheOrderOfThePairs() async throws {
    try await withPool({ $0.workers = 3 }) { pool in
      let pairs = (0..<60).map { GradePair(gold: "\($0)/3", answer: $0 % 3 == 0 ? "\\frac{\($0)}{3}" : "\($0 + 1)/3") }
      let grades = try await pool.grade(pairs)
      #expect(grades.map(\.outcome) == (0..<60).map { $0 % 3 == 0 ? .right : .wrong })
    }
  }

  @Test func aPairThatHangsCostsItselfOnly() async throws {
    try await withPool({
      $0.workers = 2
      $0.timeLimit = 2
    }) { pool in
      var pairs = (0..<20).map { GradePair(gold: "\($0)", answer: "\($0).0") }
      pairs.insert(GradePair(gold: "5", answer: "12345678!"), at: 3)
      let grades = try await pool.grade(pairs)
      #expect(grades[3].outcome == .undecided)
      #expect(grades[3].detail == "over the time limit")
      #expect(grades.enumerated().allSatisfy { $0.offset == 3 || $0.element.outcome == .right })
      // The worker was replaced: the pool continues.
      #expect(try await pool.grade([GradePair(gold: "0.5", answer: "\\frac12")]).first?.outcome == .right)
    }
  }

  @Test func aWorkerThatIsKilledIsReplacedAndItsPairGradedAgain() async throws {
    try await withPool({ $0.workers = 1 }) { pool in
      _ = try await pool.grader()
      let mine = pool.processes
      #expect(!mine.isEmpty)
      for pid in mine { kill(pid, SIGKILL) }
      #expect(try await pool.grade([GradePair(gold: "0.5", answer: "\\frac12")]).first?.outcome == .right)
    }
  }

  @Test func theSameTextNeedsNoWorker() async throws {
    let pool = GradingPool(GradingSettings(), python: "/no/such/python")
    let grades = try await pool.grade([
      GradePair(gold: "\\dfrac{1}{2}", answer: "$\\frac{1}{2}$"), GradePair(gold: "4", answer: " "),
    ])
    #expect(grades.map(\.outcome) == [.right, .wrong])
    #expect(grades[0].detail == "same text")
  }

  @Test func withoutAnInterpreterItSaysWhatToDo() async throws {
    for python in ["/no/such/python", "/bin/false", "/bin/cat"] {
      var settings = GradingSettings()
      settings.startLimit = 1
      let pool = GradingPool(settings, python: python)
      let error = await #expect(throws: GradingError.self) {
        _ = try await pool.grade([GradePair(gold: "1", answer: "2")])
      }
      #expect(error?.description.contains("deepcritic engines install grading") ?? false)
    }
  }

  @Test func gradesAreStoredWithTheGrader() async throws {
    let place = try TemporaryWorkspace(problems(3))
    try await withPool { pool in
      _ = try await withSolver { server in
        try await draw(place.workspace, try .init(server.base), try options(.sample, try place.problems, n: 4))
      }
      let store = StoreGrader(workspace: place.workspace, pool: pool)
      let counts = try await store.gradeAll()
      #expect(counts.graded == 12)
      #expect(try await store.gradeAll().graded == 0)
      #expect(try place.workspace.ungraded(by: "another grader 2.0", limit: 100).count == 12)
      #expect(try await pool.grader().hasPrefix("math-verify "))
    }
  }
}
