import ReviewStore

/// What is left of a page of requests once the store has given what it knows.
struct ReusedPage {
  /// Requests that must still be asked, with the samples that are missing.
  var left: [RequestPlan] = []
  /// Samples that were answered already.
  var samples = 0
  /// Requests of which nothing is left.
  var finished = 0
}

extension Workspace {
  /// Takes out of a page what the very same questions about other solutions have answered already.
  ///
  /// - Parameter keys: the keys of a request's samples.
  func reusing(_ page: [RequestPlan], keys: (RequestPlan) -> [[UInt8]]) throws -> ReusedPage {
    let all = page.map(keys)
    let known = try answered(all.flatMap { $0 })
    var result = ReusedPage()
    guard !known.isEmpty else {
      result.left = page
      return result
    }
    for (plan, keys) in zip(page, all) {
      let there = zip(keys, plan.samples).filter { known.contains($0.0) }.map { (key: $0.0, sample: $0.1) }
      guard !there.isEmpty else {
        result.left.append(plan)
        continue
      }
      let reused = try reuse(there, for: plan.target)
      result.samples += reused.count
      var rest = plan
      rest.samples.removeAll(where: reused.contains)
      if rest.samples.isEmpty { result.finished += 1 } else { result.left.append(rest) }
    }
    return result
  }
}
