import CritiqueModel
import DatasetFormats
import Foundation
import JSON
import TestSupport
import Testing

@testable import Training

/// The reward that trainers compute, beside the reading of the program's own evaluation.
@Suite struct RewardTests {
  @Test(arguments: [
    ("\\boxed{3}", 3), ("a \\boxed{1} b \\boxed{-1}", -1), ("\\boxed{ −1 }", -1), ("\\boxed{\\text{4}}", 4),
    ("\\boxed{２}", 2), ("\\fbox{5}", 5), ("\\boxed{2.0}", 2), ("\\boxed{+7}.", 7), ("boxed {6}", 6),
    ("\\boxed{\\boxed{3}}", 3), ("\\boxed{3", nil), ("no box", nil), ("\\boxed{}", nil), ("\\boxed{1,2}", nil),
    ("\\boxed{1} then \\boxed{none}", 1), ("\\boxed{\\frac12}", nil), ("\\boxed{--1}", nil),
    ("\\boxed{99999999999999999999}", nil), ("fboxed{3}", 3), ("\\boxed{\\text{Step 3}}", 3),
    ("\\boxed{<paragraph_2>}", 2),
    ("\\boxed{step 1 of 2}", nil),
  ]) func reads(text: String, index: Int?) async throws {
    #expect(BoxedNumber.last(in: text) == index)
    #expect(try await inPython([text]) == [index])
  }

  @Test func pythonReadsEveryTextAlike() async throws {
    var random = SplitMix(seed: 2505)
    let pieces = [
      "\\boxed{", "\\fbox{", "boxed {", "fboxed{", "boxed", "fbox", "}", "{", "\\", "\\}", "\\{", "1", "-1", "−1", "3",
      "12",
      "0", "+", "-", ".", ",", ".0", "\\text{", "\\textbf{", "\\minus", "\\frac", "\\,", "\\ ", "\\!", "$", "\\$", " ",
      "\n",
      "\t", "\u{A0}", "\u{2003}", "\u{200B}", "\u{1C}", "\u{85}", "\u{FEFF}", "２", "－", "＋", "é", "e\u{301}", "👩‍👩‍👧",
      "\u{0}",
      "Step", "step ", "paragraph_", "index", "<", ">", "#", "/", "\\left(", "\\right)", "\r\n", "“", "*", "~",
      "999999999", "1234567890", "\u{FFFD}", "٣",
    ]
    var texts: [String] = []
    for _ in 0..<20_000 {
      let isBox = random.next() % 2 == 0
      let count = Int(random.next() % (isBox ? 4 : 14))
      let words = (0..<count).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      texts.append(isBox ? "so \\boxed{" + words + "}" : words)
    }
    let found = try await inPython(texts)
    try #require(found.count == texts.count)
    for (text, index) in zip(texts, found) { #expect(BoxedNumber.last(in: text) == index, "\(text.debugDescription)") }
    // Else the texts would say nothing.
    #expect(found.count { $0 != nil } > 500)
  }

  @Test func bothEnginesGetOneOrZero() async throws {
    let done = try await python(
      """
      import reward
      turn = lambda text: [{"role": "assistant", "content": text}]
      print(reward.reward([0, 0, 0], [turn("\\\\boxed{3}"), turn("\\\\boxed{-1}"), "\\\\boxed{3}"], [3, 3, 3], solution=["a"] * 3))
      print(reward.compute_score("deepcritic/human", "\\\\boxed{-1}", "-1", {"index": 0}, more=1))
      print(reward.compute_score("deepcritic/human", "nothing", "2"))
      """)
    #expect(done.output == "[1.0, 0.0, 1.0]\n1.0\n0.0\n")
  }

  private func inPython(_ texts: [String]) async throws -> [Int?] {
    let file = NSTemporaryDirectory() + "deepcritic-reward-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: file) }
    var writer = try AtomicFileWriter(path: file)
    for text in texts {
      var json = JSONWriter()
      json.array { $0.string(text) }
      try writer.writeLine(json.bytes)
    }
    try writer.commit()
    let done = try await python(
      """
      import json, sys, reward
      for line in open(sys.argv[1], encoding="utf-8", newline="\\n"): print(reward.final_index(json.loads(line)[0]))
      """, [file])
    return done.output.split(separator: "\n").map { Int($0) }
  }
}
