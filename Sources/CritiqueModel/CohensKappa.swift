/// Cohen's kappa of two raters with two categories (Educational and Psychological Measurement 20, 1960).
///
/// - Parameters:
///   - units: how many both rated.
///   - same: on how many they agree.
///   - firstWrong: how many the first calls incorrect.
///   - secondWrong: how many the second calls incorrect.
/// - Returns: `nil` without units, and when chance agreement is complete.
package func cohensKappa(units: Int, same: Int, firstWrong: Int, secondWrong: Int) -> Double? {
  guard units > 0 else { return nil }
  let n = Double(units)
  let a = Double(firstWrong) / n
  let b = Double(secondWrong) / n
  let chance = a * b + (1 - a) * (1 - b)
  guard chance < 1 else { return nil }
  return (Double(same) / n - chance) / (1 - chance)
}
