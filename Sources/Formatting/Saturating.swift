extension Int {
  /// The sum, or the nearest number that there is: counts that come from outside never overflow.
  public func saturatingAdding(_ other: Int) -> Int {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? (other < 0 ? .min : .max) : sum
  }

  /// The whole number nearest to a value; 0 for what is none.
  public init(saturating value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= Double(Int.max) {
      self = .max
    } else if value <= Double(Int.min) {
      self = .min
    } else {
      self = Int(value.rounded())
    }
  }
}
