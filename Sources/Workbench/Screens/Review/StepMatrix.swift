import DeepCriticCore
import Terminal

/// The verdict matrix beside the steps: a column for each voice, a sign for each step.
struct StepMatrix {
  private struct Column {
    var title: String
    var width: Int
    var rating: (Int) -> Rating?
    /// Marks where this stage's judgement differs from the one before it.
    var flips: (Int) -> Bool = { _ in false }
  }

  private let columns: [Column]

  /// - Parameter isCompact: headings of one letter, for narrow screens.
  init(_ screen: ReviewScreen, _ review: ReviewModel, isCompact: Bool) {
    let stored = review.stored
    let mode = screen.session.mode
    func seen(_ step: Int) -> Bool { review.isRevealed(step, mode: mode) }
    func column(
      _ title: String, short: String, _ width: Int, flips: @escaping (Int) -> Bool = { _ in false },
      _ rating: @escaping (Int) -> Rating?
    ) -> Column {
      Column(
        title: isCompact ? short : title, width: isCompact ? max(2, short.count + 1) : width, rating: rating,
        flips: flips)
    }
    var columns: [Column] = []
    if review.isAnyRevealed(mode: mode) {
      if stored.solution.steps.enumerated().contains(where: { $1.rating != nil && seen($0 + 1) }) {
        columns.append(column("label", short: "L", 6) { seen($0) ? stored.solution.steps[$0 - 1].rating : nil })
      }
      let isChanged = stored.solution.steps.indices.contains {
        seen($0 + 1) && stored.imported[$0] != nil && stored.imported[$0] != stored.solution.steps[$0].rating
      }
      if isChanged || stored.relabelled.map(seen) ?? false {
        columns.append(column("was", short: "was", 5) { seen($0) ? stored.imported[$0 - 1] : nil })
      }
      if EstimateView.isThere(review) {
        columns.append(column(EstimateView.title, short: "mc", 5) { seen($0) ? EstimateView.rating(review, $0) : nil })
      }
      var previous: Stage?
      for stage in Stage.allCases
      where stored.critiques[stage]?.keys.contains(where: { $0 == 0 ? review.isOpen(mode: mode) : seen($0) }) == true {
        let before = previous
        columns.append(
          column(
            stage == .initial ? "init" : stage.rawValue, short: String(stage.title.prefix(1)), stage == .merged ? 8 : 6,
            flips: { step in
              guard let before, seen(step), let a = stored.judgement(before, step: step),
                let b = stored.judgement(stage, step: step)
              else { return false }
              return a != b
            }, { seen($0) ? stored.judgement(stage, step: $0)?.rating : nil }))
        previous = stage
      }
    }
    columns.append(column("me", short: "me", 5) { review.mine($0) })
    self.columns = columns
  }

  /// Columns that it takes, with one left free to its right.
  var width: Int { columns.reduce(0) { $0 + $1.width } + 1 }

  func drawTitles(_ canvas: inout Canvas, x: Int, y: Int) {
    var x = x
    for column in columns {
      canvas.put(Chrome.right(column.title, column.width), x: x, y: y, role: .dim)
      x += column.width
    }
  }

  func drawSigns(of step: Int, _ canvas: inout Canvas, x: Int, y: Int) {
    var x = x
    let glyphs = canvas.glyphs
    for column in columns {
      let rating = column.rating(step)
      let glyphX = x + column.width - 1 - (DisplayWidth.of(column.title) - 1) / 2
      if column.flips(step) {
        let previous = x - 1
        let between = column.width == 2 ? x : previous + (glyphX - previous) / 2
        canvas.put(glyphs.arrowRight, x: between, y: y, role: .disagreement)
      }
      canvas.put(VerdictLook.glyph(rating, glyphs), x: glyphX, y: y, role: VerdictLook.role(rating))
      x += column.width
    }
  }
}
