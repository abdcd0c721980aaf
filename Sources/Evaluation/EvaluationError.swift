import CritiqueGeneration
import Formatting
import ModelRuns

/// Why something cannot be evaluated. Every case reads as a sentence with its remedy.
public enum EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No row of the file has a label that says which step is wrong.
  case noLabels(path: String, leftOut: [String: Int])
  /// Two sets would have the same name.
  case sameName(String, String, String)
  /// Nothing in the file is a prediction.
  case noPredictions(path: String)
  /// A row that cannot be understood.
  case row(path: String, line: Int, reason: String, remedy: String)
  /// No prediction belongs to a row.
  case noneBelongs(path: String, example: String, sets: [String])
  /// Predictions without the rows that they are about.
  case needsBenchmark(path: String)
  /// It is unclear whether predictions count from 0 or from 1.
  case unknownBase(path: String)
  /// There is no such evaluation.
  case noEvaluation(String, known: [String])
  /// Several evaluations fit.
  case ambiguous(String, [String])
  /// Nobody named the model.
  case noModel
  /// Re-scoring would make of an evaluation what another one is already.
  case alreadyEvaluated(String, as: Int64)
  /// Two critics have no row in common.
  case nothingInCommon(String, String)
  /// Something that is needed has not been done.
  case missing(String)

  /// A sentence with its remedy.
  public var description: String {
    switch self {
    case .alreadyEvaluated(let name, let other):
      "'\(name)' was already evaluated by that rule, as evaluation \(other). Compare with that one, or delete it "
        + "with 'deepcritic evaluate --forget \(other)'."
    case .noLabels(let path, let leftOut):
      "\(path): no row has a label that tells the first error"
        + (leftOut.isEmpty ? "" : " (\(Figures.tally(leftOut)))")
        + ". Use a benchmark with labels: ProcessBench, MR-GSM8K, PRMBench, PRM800K, or rows with `problem`, `steps` and "
        + "`label`."
    case .sameName(let name, let first, let second):
      "\(first) and \(second) would both be the set '\(name)'. Name them: --benchmark NAME=FILE."
    case .noPredictions(let path):
      "\(path): there is no prediction in it. A row needs `prediction`, `generated_critique` or `scores`, or the file is "
        + "one object of identifiers and predictions."
    case .row(let path, let line, let reason, let remedy): "\(path):\(line): \(reason). \(remedy)"
    case .noneBelongs(let path, let example, let sets):
      "\(path): no prediction belongs to a row of \(sets.joined(separator: ", ")); the first is about '\(example)'. Check "
        + "that it was made for this benchmark."
    case .needsBenchmark(let path):
      "\(path): its rows hold no problem, steps and label, so the benchmark is needed: --benchmark FILE."
    case .unknownBase(let path):
      "\(path): unclear whether its predictions count steps from 0 (as ProcessBench) or from 1. Say which with "
        + "--index-base 0 or --index-base 1."
    case .noEvaluation(let name, let known):
      "there is no evaluation '\(name)'. "
        + (known.isEmpty
          ? "Make one with 'deepcritic evaluate'." : "There are: \(known.prefix(12).joined(separator: ", ")).")
    case .ambiguous(let name, let known):
      "'\(name)' fits several evaluations: \(known.prefix(12).joined(separator: ", ")). Use the number."
    case .noModel:
      "no model is named. Name the one your server serves with --model NAME, or in deepcritic.toml: [evaluate] model = "
        + "\"NAME\"."
    case .nothingInCommon(let first, let second):
      "'\(first)' and '\(second)' have no row in common that both have answered. Evaluate both on the same benchmark."
    case .missing(let sentence): sentence
    }
  }
}
