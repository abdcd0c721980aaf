import ModelClient

/// A question to a model, with the samples that are missing.
public struct PlannedRequest<Target: Sendable & Hashable>: Sendable, Hashable {
  /// What the answer is for; several where they ask the same, none for a question that stands by itself.
  public var targets: [Target]
  /// The conversation.
  public var messages: [ChatMessage]
  /// Numbers of the samples, one per choice.
  public var samples: [Int]

  /// A request from its parts.
  public init(targets: [Target] = [], messages: [ChatMessage], samples: [Int]) {
    self.targets = targets
    self.messages = messages
    self.samples = samples
  }

  /// Unicode scalars of the conversation.
  public var characters: Int { messages.reduce(0) { $0 + $1.content.unicodeScalars.count } }

  /// With seeds one request for each sample, else this one.
  public func split(_ isSeeded: Bool) -> [PlannedRequest] {
    isSeeded ? samples.map { PlannedRequest(targets: targets, messages: messages, samples: [$0]) } : [self]
  }
}

private struct Question: Hashable {
  var messages: [ChatMessage]
  var samples: [Int]
}

extension Array {
  /// One request for all targets that lack the same samples of the same question.
  public func mergingEqualQuestions<Target>() -> [Element] where Element == PlannedRequest<Target> {
    var places: [Question: Int] = [:]
    var merged: [Element] = []
    for request in self {
      let question = Question(messages: request.messages, samples: request.samples)
      if let place = places[question] {
        merged[place].targets += request.targets
      } else {
        places[question] = merged.count
        merged.append(request)
      }
    }
    return merged
  }
}

/// Works out, a page at a time, which requests are missing. A value, so that a copy can count what is left.
public protocol RequestPlanner: Sendable {
  /// What an answer is for.
  associatedtype Target: Sendable & Hashable

  /// The next requests; `nil` at the end.
  mutating func nextPage() throws -> [PlannedRequest<Target>]?
}

/// Goes through numbered items a page at a time, until enough of them lack something.
///
/// Memory holds one page and the numbers (8 bytes each), however many requests there are.
public struct PlanCursor: Sendable {
  private let ids: [Int64]
  private let pageSize: Int
  private let limit: Int
  private var position = 0
  /// Items so far that lack something.
  public private(set) var count = 0

  /// A cursor before the first item.
  ///
  /// - Parameter limit: maximum number of items that lack something.
  public init(_ ids: [Int64], pageSize: Int, limit: Int) {
    self.ids = ids
    self.pageSize = pageSize
    self.limit = limit
  }

  /// The next items that lack something, at most a page of them; `nil` at the end.
  ///
  /// - Parameter lacking: those of a page that lack something, in order.
  public mutating func next<Lacking>(_ lacking: ([Int64]) throws -> [Lacking]) rethrows -> [Lacking]? {
    while position < ids.count, count < limit {
      let page = Array(ids[position..<min(position + pageSize, ids.count)])
      position += page.count
      let found = Array(try lacking(page).prefix(limit - count))
      if found.isEmpty { continue }
      count += found.count
      return found
    }
    return nil
  }
}
