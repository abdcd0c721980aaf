import Testing

@testable import CritiqueModel

struct LabelResolutionTests {
  private func statement(_ name: String, _ rating: Int, at: Int64 = 1) -> LabelEvidence.Statement {
    LabelEvidence.Statement(name: name, rating: Rating(rawValue: rating) ?? .neutral, event: "\(name)-\(at)", at: at)
  }

  private func ratings(_ values: [Int?]) -> [Rating?] { values.map { $0.flatMap(Rating.init(rawValue:)) } }

  private func resolve(_ evidence: LabelEvidence, _ policy: LabelPolicy = LabelPolicy()) -> LabelResolution {
    LabelResolution(evidence, policy: policy)
  }

  @Test func aVerdictAfterTheFirstErrorHasNoEffectWhileItStands() {
    // Six times correct, then the fifth step is found wrong: as if the sixth had never been rated.
    var evidence = LabelEvidence(imported: ratings([1, 1, 1, 1, -1, nil]))
    for step in 1...6 { evidence.verdicts[step] = [statement("rt", step == 5 ? -1 : 1)] }
    var labels = resolve(evidence)
    #expect(labels.ratings == ratings([1, 1, 1, 1, -1, nil]))
    #expect(labels.ineffective == [6])
    #expect(labels.labelled == [1, 2, 3, 4, 5])
    // Once the earlier error is undone the later verdict counts.
    evidence.verdicts[5] = [statement("rt", 1, at: 2)]
    labels = resolve(evidence)
    #expect(labels.ratings == ratings([1, 1, 1, 1, 1, 1]))
    #expect(labels.firstError == .none && labels.ineffective.isEmpty)
  }

  @Test func anAdjudicationAfterTheFirstErrorHasNoEffectEither() {
    var evidence = LabelEvidence(imported: ratings([1, -1, nil]))
    evidence.settled[3] = statement("chief", -1)
    #expect(resolve(evidence).ratings == ratings([1, -1, nil]))
    #expect(resolve(evidence).ineffective == [3])
    evidence.settled[2] = statement("chief", 1)
    #expect(resolve(evidence).firstError == .step(3))
  }

  @Test func importedLabelsGoOnAfterTheFirstErrorUnlessVerdictsMovedItForward() {
    var evidence = LabelEvidence(imported: ratings([1, 1, -1, 1, -1]))
    #expect(resolve(evidence).ratings == ratings([1, 1, -1, 1, -1]))
    evidence.verdicts[3] = [statement("rt", -1)]
    #expect(resolve(evidence).ratings == ratings([1, 1, -1, 1, -1]))
    evidence.verdicts[2] = [statement("rt", -1)]
    #expect(resolve(evidence).ratings == ratings([1, -1, nil, nil, nil]))
    evidence.verdicts = [3: [statement("rt", 1)]]
    #expect(resolve(evidence).ratings == ratings([1, 1, 1, 1, -1]))
    #expect(resolve(evidence).firstError == .step(5))
  }

  @Test func aLabelTellsWhatItReplaced() {
    var evidence = LabelEvidence(imported: ratings([1]))
    evidence.verdicts[1] = [statement("ana", -1, at: 3)]
    #expect(resolve(evidence).labels[0]?.words == "reviewer ana, imported correct")
    evidence.settled[1] = statement("chief", 1, at: 5)
    let label = resolve(evidence).labels[0]
    #expect(label?.words == "settled by chief, reviewer incorrect")
    #expect(label?.at == 5)
    evidence.settled[1] = statement("chief", -1, at: 6)
    #expect(resolve(evidence).labels[0]?.words == "settled by chief")
  }

  @Test func rolloutsLabelWhatNobodyElseDid() {
    var evidence = LabelEvidence(imported: ratings([nil, nil, nil]), rollouts: ratings([1, -1, nil]))
    #expect(resolve(evidence).firstError == .step(2))
    #expect(!resolve(evidence).isByPeople)
    evidence.verdicts[1] = [statement("ana", -1)]
    let labels = resolve(evidence)
    #expect(labels.ratings == ratings([-1, nil, nil]))
    #expect(labels.labels[0]?.replaced == .init(rating: .correct, origin: .rollouts))
    #expect(labels.isByPeople)
    evidence.verdicts = [:]
    #expect(resolve(evidence, LabelPolicy(precedence: [.imported])).firstError == .unknown)
  }
}
