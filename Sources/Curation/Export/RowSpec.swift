import CritiqueModel
import ReviewStore

/// What a row is made of, kept small: one for each row while a set is written.
struct RowSpec: Sendable {
  var id: Int64
  var key: String
  var name: String
  var problem: Int64
  /// The first error, or −1.
  var answer: Int
  /// Resolved ratings by step, those that count.
  var ratings: [Int8?]
  /// Where each label comes from, by step; `nil` when all came with the data.
  var sources: [String?]?
  /// Where the labels come from when all came with the data.
  var origin: LabelOrigin
  /// Reviewers behind the labels, when there are any.
  var labelers: String?
  /// Events behind the row, by role.
  var events: [DatasetEvent]
  /// Critiques of the row, in step order.
  var used: [UsedCritique]
  /// Place among the rows, from 0; and whose label it is: in sets for reinforcement learning.
  var index = 0
  var rlSource = RLSource.human

  init(_ outline: CurationOutline, _ decision: ItemDecision) {
    id = outline.id
    key = outline.key
    name = outline.name
    problem = outline.problem
    answer = decision.answer ?? 0
    ratings = decision.resolution.ratings.map { $0.map { Int8($0.rawValue) } }
    origin = decision.resolution.labels.lazy.compactMap { $0?.origin }.first ?? .imported
    used = decision.used
    events = []
    if decision.resolution.isReviewed {
      sources = decision.resolution.labels.map { $0?.source }
      labelers = Set(decision.resolution.labels.flatMap { $0?.names ?? [] }).sorted().joined(separator: ", ")
    }
    events = outline.behindRow(decision)
  }

  /// "train" or "validation": by the problem, so that no problem is in both, and independent of what else is in the
  /// set.
  func split(_ settings: CurationSettings) -> String {
    guard settings.validation > 0 else { return "train" }
    let digits = String(UInt64(bitPattern: problem), radix: 16)
    let key = String(repeating: "0", count: 16 - digits.count) + digits
    let place = Double(Workspace.rank(key, seed: settings.seed) >> 11) / Double(UInt64(1) << 53)
    return place < settings.validation ? "validation" : "train"
  }
}
