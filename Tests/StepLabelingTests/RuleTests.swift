import CritiqueModel
import ReviewStore
import Testing

@testable import StepLabeling

struct RuleTests {
  private func counts(_ rights: [Int], of all: Int = 8) -> [SuccessCount] {
    rights.map { SuccessCount(right: $0, all: all) }
  }

  @Test func aWrongSolutionFailsFromItsFirstErrorOn() {
    let rule = EstimateRule()
    let estimate = rule.estimate(prefixes: counts([8, 5, 0, 0]), isRight: false)
    #expect(estimate.firstError == 3)
    #expect(estimate.ratings(steps: 5) == [.correct, .correct, .incorrect, nil, nil])
    #expect(rule.estimate(prefixes: counts([0, 0]), isRight: false).firstError == 1)
    // No prefix fails: what is left is the last step.
    #expect(rule.estimate(prefixes: counts([8, 7]), isRight: false).firstError == 3)
    #expect(rule.estimate(prefixes: [], isRight: false).firstError == 1)
  }

  @Test func betweenFailingAndSucceedingIsAmbiguous() {
    let rule = EstimateRule()
    // Exactly half is not more than half.
    for middle in 1...4 {
      let estimate = rule.estimate(prefixes: counts([8, middle, 0]), isRight: false)
      #expect(estimate.firstError == nil)
      #expect(estimate.reason == .ambiguous)
      #expect(estimate.step == 2)
    }
    let recovering = rule.estimate(prefixes: counts([8, 0, 5]), isRight: false)
    #expect(recovering.reason == .recovers && recovering.step == 3)
    #expect(rule.estimate(prefixes: counts([8, 0, 4]), isRight: false).firstError == 2)
  }

  @Test func aRightSolutionMustSucceedEverywhere() {
    let rule = EstimateRule()
    #expect(rule.estimate(prefixes: counts([5, 8]), isRight: true).firstError == -1)
    #expect(rule.estimate(prefixes: [], isRight: true).firstError == -1)
    let doubtful = rule.estimate(prefixes: counts([8, 4]), isRight: true)
    #expect(doubtful.firstError == nil && doubtful.reason == .doubtful && doubtful.step == 2)
    #expect(
      rule.estimate(prefixes: counts([8, 5]), isRight: true).ratings(steps: 3) == [.correct, .correct, .correct])
  }

  @Test func everyThresholdIsASetting() {
    var rule = EstimateRule()
    rule.fail = 0.125
    #expect(rule.estimate(prefixes: counts([8, 1, 0]), isRight: false).firstError == 2)
    rule.succeed = 0.7
    #expect(rule.estimate(prefixes: counts([5, 1]), isRight: false).reason == .ambiguous)
    rule.recover = 0.0
    #expect(rule.estimate(prefixes: counts([8, 1, 1]), isRight: false).reason == .recovers)
  }
}
