import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// Marks on texts: they must show, and must not change a letter of what is read.
@Suite struct AnnotatedTextTests {
  private func words(_ lines: [TextLine]) -> [String] { lines.map { $0.map(\.text).joined() } }

  /// Every sample critique, with the marks of provenance and turning points, at several widths; searches find places inside
  /// formulas and commands too.
  @Test(arguments: [28, 40, 60, 100], [[], ["x"], ["sin", "x", "dx"], ["the", "1", "box"]])
  func sampleCritiquesKeepTheirLayout(width: Int, search: [String]) throws {
    let bench = try Bench()
    var fallen: [String] = []
    var marked = 0
    for id in try bench.workspace.queue(sort: .imported, filter: .everything, reviewer: "rt") {
      let stored = try bench.workspace.solution(id)
      for (step, _) in stored.critiques[.merged] ?? [:] {
        guard let merged = stored.critique(.merged, step: step)?.critique.text else { continue }
        let provenance = Provenance(
          of: merged, initial: stored.critique(.initial, step: step)?.critique.text,
          deep: stored.critique(.deep, step: step)?.critique.text)
        let annotations =
          provenance.sentences.map { Annotation(range: $0.range, mark: $0.origin == .new ? .isNew : .fromDeep) }
          + TurningPoints.ranges(in: merged).map { Annotation(range: $0, mark: .turn) }
          + ReadingAids.hits(search.map { SearchedText($0, .anywhere) }, in: merged)
        let plain = ReadableText.lines(merged, width: width, mode: .rendered, ascii: false)
        let lines = AnnotatedText.lines(
          merged, annotations, width: width, mode: .rendered, ascii: false, plain: plain)
        #expect(words(lines) == words(plain))
        if lines.contains(where: { $0.contains { !$0.marks.isEmpty } }) {
          marked += 1
        } else {
          fallen.append("\(stored.name) step \(step)")
        }
      }
    }
    #expect(fallen.isEmpty, "shown without marks: \(fallen)")
    #expect(marked > 30)
  }
}
