import CritiqueModel
import Testing

@Suite struct CohensKappaTests {
  @Test func kappaIsCohens() {
    // 20 of 25 + 10 agree: the textbook example with kappa 0.4.
    let kappa = cohensKappa(units: 50, same: 35, firstWrong: 25, secondWrong: 30)
    #expect(abs((kappa ?? 0) - 0.4) < 1e-12)
    #expect(cohensKappa(units: 10, same: 10, firstWrong: 0, secondWrong: 0) == nil)
  }
}
