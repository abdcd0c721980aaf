import CritiqueModel
import Testing

/// What is found out about the texts of critiques.
@Suite struct ReadingTests {
  private func sentences(_ text: String) -> [String] { Sentences.ranges(of: text).map { String(text[$0]) } }

  @Test func sentencesEndWhereOneWouldStop() {
    #expect(sentences("The step adds 3.5 and 2. It is right.") == ["The step adds 3.5 and 2.", "It is right."])
    #expect(sentences("See e.g. Step 3. Then stop!") == ["See e.g. Step 3.", "Then stop!"])
    #expect(sentences("So $a. B$ holds. Next $x = 1.$ Done") == ["So $a. B$ holds.", "Next $x = 1.$ Done"])
    #expect(sentences("He says \"no.\" Then yes.") == ["He says \"no.\"", "Then yes."])
    #expect(sentences("One\n\nTwo\n- three\n- four\n1. five") == ["One", "Two", "- three", "- four", "1. five"])
    #expect(
      sentences("The sum is\n\\[ 1 + 1 = 2. \\]\nso it holds.") == ["The sum is\n\\[ 1 + 1 = 2. \\]\nso it holds."])
    #expect(sentences("It costs $5. And $6. Done.") == ["It costs $5. And $6.", "Done."])
    #expect(sentences("") == [] && sentences(" \n ") == [])
  }

  @Test func provenanceTellsTheOriginOfEverySentence() {
    let initial = "The step multiplies 12 by 4 and gets 48. This is a correct product."
    let deep = "The critique overlooks the unit: the length is given in centimetres. So 48 is the wrong value."
    let merged =
      "The step multiplies 12 by 4 and gets 48. But wait, is that the whole story? The length is given in centimetres, "
      + "so 48 is the wrong value."
    let found = Provenance(of: merged, initial: initial, deep: deep)
    #expect(found.sentences.map(\.origin) == [.initial, .new, .deep])
    #expect(found.sentences[0].source.map { String(initial[$0]) } == "The step multiplies 12 by 4 and gets 48.")
    #expect(found.sentences[1].source == nil)
    #expect(found.sentences[2].source.map { String(deep[$0]) } == "So 48 is the wrong value.")
    #expect(Provenance(of: merged, initial: nil, deep: nil).sentences.allSatisfy { $0.origin == .new })
    // What is in both is the initial critique's.
    #expect(
      Provenance(of: "It is right.", initial: "It is right.", deep: "It is right.").sentences[0].origin == .initial)
  }

  @Test(arguments: [
    ("However, the sign is wrong.", "However"), ("But wait, let me verify.", "But wait"),
    ("**Wait**, this is odd.", "Wait"), ("Let me double-check this.", "Let me double-check"),
    ("- Let's verify the product.", "Let's verify"), ("Hmm, no.", "Hmm"),
    ("On closer inspection it fails.", "On closer inspection"), ("Let us recompute it.", "Let us recompute"),
  ])
  func turningPointsAreFound(text: String, phrase: String) {
    #expect(TurningPoints.ranges(in: text).map { String(text[$0]) } == [phrase])
  }

  @Test(arguments: [
    "Let x be the number.", "Let me be clear.", "The waiting time is 3.", "We wait 5 minutes.", "Howeverly.",
    "Let us call it n.",
  ])
  func ordinarySentencesAreNoTurn(text: String) { #expect(TurningPoints.ranges(in: text).isEmpty) }

  @Test func quotationsAreFoundInTheStep() {
    let step = "The multiples of 89 below 900 are 890, 801; so $n^2 + 2n = 15$ and the sum is 804."
    func quoted(_ critique: String) -> [String] {
      Quotations.ranges(of: step, quotedBy: critique).map { String(step[$0]) }
    }
    #expect(quoted("It says \"the sum is 804\", which is wrong.") == ["the sum is 804"])
    #expect(quoted("From $n^2+2n=15$ it follows.") == ["n^2 + 2n = 15"])
    #expect(quoted("“The  multiples of\n89” are fine, `890, 801` too.") == ["The multiples of 89", "890, 801"])
    #expect(quoted("Nothing of \"this text\" exists, nor $x$.") == [])
    #expect(quoted("\"89\" is too short to mean anything.") == [])
  }

  @Test func differencesAreMarkedByWords() {
    let first = "The sum is $3 + 4 = 7$ and that is right."
    let second = "The sum is $3+4 = 8$ and so that is wrong."
    let difference = WordDifference(from: first, to: second)
    #expect(difference.removed.map { String(first[$0]) } == ["$3 + 4 = 7$", "right"])
    #expect(difference.added.map { String(second[$0]) } == ["$3+4 = 8$", "so", "wrong"])
    // Blanks in formulas and case make no difference.
    let same = WordDifference(from: "The $a + b$", to: "the $a+b$")
    #expect(same.removed.isEmpty && same.added.isEmpty)
    let long = String(repeating: "word ", count: 5000)
    #expect(WordDifference(from: long + "One.", to: long + "Two.").added.count == 1)
  }

  /// Whatever the text, ranges are in order, do not overlap and lie inside.
  @Test func anyTextIsCutSafely() {
    for text in [
      "$", "$$", "\\[", "\"", "“", "....", "\u{0}$a\n\n$", "é$ñ$😀. 😀 “😀”", String(repeating: "$", count: 3000),
    ] {
      for ranges in [
        Sentences.ranges(of: text), TurningPoints.ranges(in: text), Quotations.ranges(of: text, quotedBy: text),
      ] {
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
      }
      _ = WordDifference(from: text, to: text + "x")
      _ = Provenance(of: text, initial: text, deep: text)
    }
  }
}
