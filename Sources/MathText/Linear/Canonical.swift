/// The common ground on which a formula and its linear form are compared.
///
/// Normal form forgets what the line does not show or says in other words: fonts and the width of spaces; which command
/// a sign came from; redundant brackets around an operand or a fraction. Letters that stand together are one word; grids
/// are brackets with commas and semicolons; `\binom` is `(n choose k)`; accents that no mark can show are
/// scripts. A slash between two factors is a fraction. Everything else (what is above and below a bar, in a script,
/// under a root, inside which brackets) stays a tree.
enum Canonical {
  /// One thing of a row before brackets are paired.
  struct Item {
    var node: MathNode
    /// Whether a blank stands before it.
    var spaced: Bool
    var sub: [Item]?
    var sup: [Item]?

    init(_ node: MathNode, spaced: Bool = false) {
      self.node = node
      self.spaced = spaced
    }

    init(sign: String, spaced: Bool = false) {
      self.init(.symbol(sign, Symbols.kind(of: sign)), spaced: spaced)
    }

    var isPlain: Bool { sub == nil && sup == nil }

    /// The node with its scripts.
    var finished: MathNode {
      if isPlain { return node }
      return .script(node, sub: sub.map { Canonical.build($0) }, sup: sup.map { Canonical.build($0) }, limits: false)
    }
  }

  // MARK: Building a tree from items

  /// Pairs brackets, joins letters to words, folds fractions.
  static func build(_ items: [Item]) -> MathNode { MathNode.of(buildList(items)) }

  static func buildList(_ items: [Item]) -> [MathNode] {
    var frames: [(open: Item?, items: [Item])] = [(nil, [])]
    for item in items {
      guard case .symbol(let sign, let kind) = item.node else {
        frames[frames.count - 1].items.append(item)
        continue
      }
      if kind == .open, item.isPlain, frames.count < 80 {
        frames.append((item, []))
        continue
      }
      if kind == .close, let open = frames[frames.count - 1].open, case .symbol(let left, _) = open.node,
        Symbols.pairs(left, with: sign)
      {
        let body = fold(frames.removeLast().items)
        var fenced = Item(.fence(left, MathNode.of(body), sign), spaced: open.spaced)
        fenced.sub = item.sub
        fenced.sup = item.sup
        frames[frames.count - 1].items.append(fenced)
        continue
      }
      frames[frames.count - 1].items.append(item)
    }
    while frames.count > 1 {
      let unfinished = frames.removeLast()
      if let open = unfinished.open { frames[frames.count - 1].items.append(open) }
      frames[frames.count - 1].items.append(contentsOf: unfinished.items)
    }
    return fold(frames[0].items)
  }

  /// A fraction in brackets of its own is the fraction: the brackets say no more than the bar.
  private static func bare(_ node: MathNode) -> MathNode {
    switch node {
    case .fence("(", let body, ")"):
      if case .fraction = body { return body }
      return node
    case .script(let base, let sub, let sup, let limits):
      return .script(bare(base), sub: sub, sup: sup, limits: limits)
    default: return node
    }
  }

  /// An operand without the brackets around it.
  static func stripped(_ node: MathNode) -> MathNode {
    if case .fence("(", let body, ")") = node { return body }
    return node
  }

  private static func fold(_ list: [Item]) -> [MathNode] {
    let items = calls(words(list))
    var result: [MathNode] = []
    var run: [Item] = []
    func flush() {
      result.append(contentsOf: foldRun(run))
      run = []
    }
    for item in items {
      if isBoundary(item) {
        flush()
        result.append(item.finished)
        continue
      }
      if item.spaced, let last = run.last, breaksRun(last, item) { flush() }
      run.append(item)
    }
    flush()
    return result.map(bare)
  }

  /// Letters that stand together are one word.
  private static func words(_ list: [Item]) -> [Item] {
    var result: [Item] = []
    result.reserveCapacity(list.count)
    for item in list {
      if !item.spaced, case .text(let word) = item.node, let last = result.last, last.isPlain,
        case .text(let before) = last.node
      {
        var joined = item
        joined.node = .text(before + word)
        joined.spaced = last.spaced
        result[result.count - 1] = joined
      } else {
        result.append(item)
      }
    }
    return result
  }

  /// `root(n, x)` is a root.
  private static func calls(_ list: [Item]) -> [Item] {
    guard list.contains(where: { $0.node == .text("root") }) else { return list }
    var result: [Item] = []
    for item in list {
      if !item.spaced, let last = result.last, last.isPlain, last.node == .text("root"),
        case .fence("(", let body, ")") = item.node,
        let comma = body.items.firstIndex(of: .symbol(",", .punctuation))
      {
        let parts = body.items
        var call = item
        call.node = .root(
          index: stripped(MathNode.of(Array(parts[..<comma]))), stripped(MathNode.of(Array(parts[(comma + 1)...]))))
        call.spaced = last.spaced
        result[result.count - 1] = call
      } else {
        result.append(item)
      }
    }
    return result
  }

  static let bigSigns: Set<String> = [
    "∑", "∏", "∐", "⋃", "⋂", "⨆", "⋁", "⋀", "⨁", "⨂", "⨀", "⨄", "∫", "∬", "∭", "⨌", "∮", "∯", "∰",
  ]

  /// What no product reaches across.
  private static func isBoundary(_ item: Item) -> Bool {
    guard case .symbol(let sign, let kind) = item.node else { return false }
    switch kind {
    case .binary, .relation, .punctuation, .bar, .open, .close: return true
    default: return sign == "." || bigSigns.contains(sign)
    }
  }

  private static func breaksRun(_ last: Item, _ item: Item) -> Bool {
    if case .text(let word) = item.node, word.count > 1 { return true }
    if last.isPlain, case .text(let word) = last.node, LinearParser.isPlainWord(word) { return true }
    if case .number = item.node, last.isPlain, case .number = last.node { return true }
    if last.sub != nil, case .text(let word) = last.node, Symbols.limitFunctionNames.contains(word) { return true }
    switch item.node {
    case .fence, .fraction: return true
    default: return false
    }
  }

  private static func isSlash(_ item: Item) -> Bool {
    if case .symbol("/", _) = item.node { return item.isPlain }
    return false
  }

  /// `2x/3` and `a/b!`; more than one slash, or a slash in the midst of a product, stays as it was written.
  private static func foldRun(_ run: [Item]) -> [MathNode] {
    guard let slash = run.firstIndex(where: isSlash), slash > 0, slash < run.count - 1,
      !run[(slash + 1)...].contains(where: isSlash), !run[1..<slash].contains(where: \.spaced)
    else { return run.map(\.finished) }
    var below = Array(run[(slash + 1)...])
    below[0].spaced = false
    if below.contains(where: \.spaced) { return run.map(\.finished) }
    var first = 0
    while first < below.count - 1, case .symbol(_, .prefix) = below[first].node { first += 1 }
    var last = below.count - 1
    while last > first, below[last].isPlain, case .symbol(_, .postfix) = below[last].node { last -= 1 }
    if first + 1 == last, case .text(let name) = below[first].node, below[first].isPlain,
      isArgument(below[last]), LinearPrinter.callNames.contains(name) || Symbols.functionNames.contains(name)
    {
      last = first
    }
    guard first == last else { return run.map(\.finished) }
    return [
      .fraction(
        stripped(MathNode.of(run[..<slash].map { bare($0.finished) })),
        stripped(MathNode.of(below.map { bare($0.finished) })))
    ]
  }

  private static func isArgument(_ item: Item) -> Bool {
    guard item.isPlain else { return false }
    switch item.node {
    case .fence("(", _, ")"), .fraction: return true
    default: return false
    }
  }
}
