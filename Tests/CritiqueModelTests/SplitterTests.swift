import Testing

@testable import CritiqueModel

struct SplitterTests {
  @Test(arguments: [
    ("Step 1: Add.\n\nStep 2: Divide. \\boxed{3}", ["Add.", "Divide. \\boxed{3}"]),
    // Numbered again: the order counts, not the numbers.
    ("Step 2: Add.\nStep 2: Divide.\nStep 7: Done.", ["Add.", "Divide.", "Done."]),
    ("### Step 1.\nAdd.\n### Step 2.\nDivide.", ["Add.", "Divide."]),
    ("**Step 1: Set up** Let x be 1.\n**Step 2:** Solve.", ["Set up Let x be 1.", "Solve."]),
    // A sentence about a step is not a mark.
    ("Step 1: Add.\nStep 1 gives 4.\nStep 2: Divide.", ["Add.\nStep 1 gives 4.", "Divide."]),
    ("We begin.\nStep 1: Add.\nStep 2: Divide.", ["We begin.\nAdd.", "Divide."]),
    ("Step 1:\n\nStep 2: Divide.", ["Divide."]),
  ])
  func marksSplit(text: String, steps: [String]) {
    let split = StepSplitter.split(text)
    #expect(split.steps == steps)
    #expect(split.method == .marks)
  }

  @Test func numberedListsSplit() {
    let split = StepSplitter.split("Plan.\n1. Add.\n2) Divide by\n12. apples\n3. **Done**.")
    #expect(split.steps == ["Plan.\nAdd.", "Divide by\n12. apples", "**Done**."])
    #expect(split.method == .numbers)
  }

  @Test func paragraphsSplitAndKeepFormulas() {
    let split = StepSplitter.split(
      "We have\n\n$$x = 1$$\n\nHence:\n\n\\[\ny\n\n= 2\n\\]\n\nDone.")
    #expect(split.steps == ["We have\n\n$$x = 1$$", "Hence:\n\n\\[\ny\n\n= 2\n\\]", "Done."])
    #expect(split.method == .paragraphs)
  }

  @Test func oneParagraphIsOneStep() {
    #expect(StepSplitter.split("The answer is \\boxed{4}.").steps == ["The answer is \\boxed{4}."])
    #expect(StepSplitter.split("The answer is \\boxed{4}.").method == .whole)
    #expect(StepSplitter.split(" \n\n ").steps.isEmpty)
  }
}
