/// Models' names as a heading has room for them: servers on this machine name a model by its folder.
enum ShownModelNames {
  /// For each name the end of its path that tells it from the others; names that are not paths stay as they are.
  ///
  /// "/audit/runs/rl-1/model" is shown as "rl-1".
  static func short(_ names: [String]) -> [String] {
    let parts = names.map { name -> [Substring] in
      guard name.hasPrefix("/") || name.hasPrefix("./") || name.hasPrefix("~/") else { return [] }
      var parts = name.split(separator: "/")
      if parts.count > 1, parts.last == "model" { parts.removeLast() }
      return parts
    }
    var counts = parts.map { $0.last?.hasPrefix("checkpoint-") == true ? 2 : 1 }
    func shown(_ index: Int) -> String {
      parts[index].isEmpty ? names[index] : parts[index].suffix(counts[index]).joined(separator: "/")
    }
    let longest = parts.map(\.count).max() ?? 0
    for _ in 0..<longest {
      let all = names.indices.map(shown)
      let ambiguous = names.indices.filter { index in
        names.indices.contains { names[$0] != names[index] && all[$0] == all[index] }
      }
      if ambiguous.isEmpty { break }
      for index in ambiguous { counts[index] += 1 }
    }
    return names.indices.map(shown)
  }
}
