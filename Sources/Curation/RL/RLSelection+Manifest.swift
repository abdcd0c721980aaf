import JSON

extension RLSelection {
  /// The counts of a manifest.
  func write(_ json: inout JSONWriter) {
    json.object { json in
      json.key("solutions")
      json.int(items.count)
      json.key("in")
      json.int(count)
      for source in RLSource.allCases {
        json.key(source.rawValue)
        json.object { json in
          json.key("with_error")
          json.int(withError[source] ?? 0)
          json.key("without_error")
          json.int(withoutError[source] ?? 0)
        }
      }
      json.key("reasons")
      json.object { json in
        let counts = counts
        for reason in RLReason.allCases {
          guard let count = counts[reason] else { continue }
          json.key(reason.rawValue)
          json.int(count)
        }
      }
    }
  }
}
