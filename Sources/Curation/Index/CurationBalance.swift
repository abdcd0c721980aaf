/// Counts over all solutions: the funnel, the reasons, and what the set is made of.
public struct CurationBalance: Sendable, Hashable {
  /// Solutions by progress; a stage counts those that reached it or went beyond.
  public private(set) var funnel = [Int](repeating: 0, count: FunnelStage.allCases.count)
  /// Solutions in the set.
  public private(set) var included = 0
  /// Solutions with a reason, by its position; one may have several.
  private var reasonCounts = [Int](repeating: 0, count: CurationReason.allCases.count)
  /// Solutions whose only reason it is.
  private var soleCounts = [Int](repeating: 0, count: CurationReason.allCases.count)
  /// Solutions in the set by first error, 1-based; −1 for those without.
  public private(set) var firstErrors: [Int: Int] = [:]
  /// Of those in the set without an error: a deep critique corrected a wrong initial one.
  public private(set) var correctedRight = 0
  /// Of those in the set with an error: the same.
  public private(set) var correctedWrong = 0

  /// Solutions in the set that have an error.
  public var withError: Int { included - right }
  /// Solutions in the set without one.
  public var right: Int { firstErrors[-1] ?? 0 }
  /// Solutions that have reached a stage.
  public func count(_ stage: FunnelStage) -> Int { funnel[stage.rawValue] }
  /// Solutions that have a reason.
  public func count(_ reason: CurationReason) -> Int { reasonCounts[reason.index] }
  /// Solutions that only this reason keeps out.
  public func soleCount(_ reason: CurationReason) -> Int { soleCounts[reason.index] }

  mutating func add(_ state: CurationIndex.State, _ sign: Int = 1) {
    for stage in 0...state.entry.stage.rawValue { funnel[stage] += sign }
    var bits = state.reasons.bits
    let isSole = bits.nonzeroBitCount == 1
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      reasonCounts[index] += sign
      if isSole { soleCounts[index] += sign }
      bits &= bits - 1
    }
    guard state.reasons.isEmpty else { return }
    included += sign
    let error = Int(state.entry.answer)
    let count = (firstErrors[error] ?? 0) + sign
    firstErrors[error] = count == 0 ? nil : count
    if state.entry.isCorrected {
      if error == -1 { correctedRight += sign } else { correctedWrong += sign }
    }
  }
}
