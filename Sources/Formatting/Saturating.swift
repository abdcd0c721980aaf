extension Int {
  /// The whole part of a number; one that does not fit gives the nearest that does, and what is no number gives 0.
  ///
  /// For numbers that are made of what files and servers say: `Int(_:)` would end the program.
  package init(saturating value: Double) {
    if value.isNaN {
      self = 0
    } else if let exact = Int(exactly: value.rounded(.towardZero)) {
      self = exact
    } else {
      self = value < 0 ? .min : .max
    }
  }
}
