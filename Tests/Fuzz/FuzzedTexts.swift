import CritiqueModel
import MathText
import StepLabeling

@testable import CritiqueGeneration
@testable import Evaluation
@testable import ModelClient
@testable import Recording
@testable import Terminal
@testable import Workbench

extension FuzzedReader {
  static let texts: [FuzzedReader] = [
    FuzzedReader("answer") { bytes in
      _ = try? ChatAnswer.decode(bytes)
    },
    FuzzedReader("stream") { bytes in
      // However a stream is cut, the same answer comes of it.
      let (size, rest) = bytes.choice(of: 16)
      func answer(_ size: Int) -> Result<ChatAnswer, ModelClientError> {
        Result { () throws(ModelClientError) in
          var assembler = StreamAssembler()
          var start = 0
          while start < rest.count {
            let end = min(start + size, rest.count)
            try assembler.add(rest[start..<end])
            start = end
          }
          return try assembler.answer()
        }
      }
      switch (answer(size + 1), answer(max(rest.count, 1))) {
      case (.success(let a), .success(let b)):
        require(a.choices == b.choices && a.usage == b.usage, "the answer depends on where the stream is cut")
      case (.failure, .failure): break
      default: fatalError("whether there is an answer depends on where the stream is cut")
      }
    },
    FuzzedReader("critique") { bytes in
      let text = bytes.text
      _ = AnswerExtractor().read(text)
      _ = AnswerExtractor(.strictReference, base: .zero, requiresAnswerLine: true).read(text)
      _ = JudgementParser.judgement(in: text)
      _ = StepVerdicts(in: text, stepCount: 3, isWhole: true)
      for range in Sentences.ranges(of: text) { _ = text[range] }
      for range in Quotations.ranges(of: text, quotedBy: "It says \"\(text)\" and '\(text)'.") { _ = text[range] }
      _ = Provenance(of: text, initial: text, deep: "a. b. c.")
      require(StepSplitter.split(text).steps.allSatisfy { !$0.isEmpty }, "an empty step")
      _ = try? WrittenSolution.read(text)
    },
    FuzzedReader("mathematics") { bytes in
      let (choice, rest) = bytes.choice(of: 90)
      let width = choice + 1
      let text = rest.text
      for mode in [MathMode.rendered, .linear, .source] {
        for line in MathText.render(text, MathOptions(width: width, mode: mode)) {
          let shown = TextSafety.line(line.text)
          require(!hasControls(shown), "a control character reaches the terminal")
          require(line.text.reduce(0) { $0 + MathText.defaultColumns($1) } <= max(width, 2), "a line is too wide")
        }
      }
      for formula in MathText.formulas(in: text) { _ = formula }
      _ = MathText.oneLine(text)
    },
    FuzzedReader("formula") { bytes in
      let node = MathText.parse(bytes.text)
      let linear = MathText.linear(node)
      if let again = try? MathText.parseLinear(linear) { _ = MathText.normalized(again) }
      _ = MathText.linear(node, ascii: true)
    },
    FuzzedReader("safety") { bytes in
      for text in [TextSafety.line(bytes.text), TextSafety.block(bytes.text)] {
        require(!hasControls(text), "a control character comes through")
        require(TextSafety.block(text) == text, "what is safe is changed again")
      }
    },
    FuzzedReader("keys") { bytes in
      // Whatever a terminal sends, in one piece or byte by byte, the same keys come of it.
      func events(_ pieces: [[UInt8]]) -> [InputEvent] {
        var decoder = KeyDecoder()
        decoder.reportsPointer = true
        return pieces.flatMap { decoder.feed($0) } + decoder.timeout()
      }
      // A Ctrl-C that arrives by itself ends a paste.
      let bytes = bytes.filter { $0 != 0x03 }
      require(events([bytes]) == events(bytes.map { [$0] }), "keys depend on how they arrive")
    },
  ]
}
