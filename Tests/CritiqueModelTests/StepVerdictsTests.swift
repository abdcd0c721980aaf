import CritiqueModel
import Testing

/// What a critique of a whole solution says about each step.
@Suite struct StepVerdictsTests {
  private func read(_ text: String, _ steps: Int = 4, isWhole: Bool = true) -> StepVerdicts {
    StepVerdicts(in: text, stepCount: steps, isWhole: isWhole)
  }

  @Test func boxesCountForTheStepThatIsNamed() {
    let said = read(
      """
      **Critique of Step 1**: fine. \\boxed{1}

      ### Step 2
      It seems wrong: \\boxed{-1}. However, no: \\boxed{1}

      Now step 3: wrong \\boxed{-1}

      **Answer**: \\boxed{3}
      """)
    #expect(said.judgements == [1: .correct, 2: .correct, 3: .incorrect])
    #expect(said.answer == 3)
  }

  @Test func boxesCountThroughWhereNoStepIsNamed() {
    let said = read(
      "It holds. \\boxed{1}\n\nSo does this. \\boxed{1}\n\nThis does not. \\boxed{-1}\n\nAnswer: \\boxed{3}")
    #expect(said.judgements == [1: .correct, 2: .correct, 3: .incorrect])
  }

  @Test func anAnswerAloneSpeaksForTheStepsBeforeIt() {
    #expect(read("**Answer**: \\boxed{3}").judgements == [1: .correct, 2: .correct, 3: .incorrect])
    #expect(read("I see nothing wrong.\n**Answer:** \\boxed{-1}", 2).judgements == [1: .correct, 2: .correct])
    #expect(read("The first error is \\boxed{2}").answer == 2)
    // What evaluations count is the last box, wherever a line names an answer.
    #expect(read("Answer: \\boxed{2}\n\nNo, \\boxed{3}").answer == 3)
  }

  @Test func aTextThatIsStillWrittenHasNoAnswerYet() {
    let said = read("Step 1: fine \\boxed{1}\n\nStep 2: hm, \\boxed{-1}", isWhole: false)
    // The last box so far may turn out to be the answer.
    #expect(said.judgements == [1: .correct])
    #expect(said.answer == nil)
    #expect(said.current == 2)
    #expect(read("Step 1: fine \\boxed{1}\n\nStep 2: hm", isWhole: false).judgements == [1: .correct])
    #expect(read("Step 1: fine \\box", isWhole: false).judgements.isEmpty)
  }

  @Test func theLastBoxIsTheAnswerWhereNothingNamesIt() {
    // As in evaluations: −1 alone at the end says that nothing is wrong.
    let said = read("Everything holds. \\boxed{-1}", 3)
    #expect(said.answer == -1)
    #expect(said.judgements == [1: .correct, 2: .correct, 3: .correct])
  }

  @Test func theAnswerIsNoStepsVerdict() {
    // As the program's own prompt asks: steps, and at the end the number in a box.
    let right = read("Step 1: fine \\boxed{1}\n\nStep 2: fine \\boxed{1}\n\nEvery step holds. \\boxed{-1}", 2)
    #expect(right.answer == -1)
    #expect(right.judgements == [1: .correct, 2: .correct])
    let wrong = read("Step 1: it adds wrongly.\n\nThe first error: \\boxed{1}", 2)
    #expect(wrong.answer == 1)
    #expect(wrong.judgements == [1: .incorrect])
    // Without a heading or a line of its own for the answer.
    #expect(read("**Step 1** holds.\n\n**Step 2** holds, so \\boxed{-1}", 2).judgements == [1: .correct, 2: .correct])
    for end in [false, true] {
      let text = "Step 1: fine \\boxed{1}\n\nStep 2: fine. So all is well: \\boxed{-1}"
      #expect(read(text, 2, isWhole: end).judgements[2] != .incorrect)
    }
  }

  @Test func anAnswerThatItsOwnStepsContradictIsKnown() {
    // A box of 1 for every step and no answer: evaluations read the last box.
    let said = read("Step 1: fine \\boxed{1}\n\nStep 2: fine \\boxed{1}", 2)
    #expect(said.answer == 1 && said.contradictsItself)
    #expect(said.judgements == [1: .correct])
    #expect(read("Step 1: no \\boxed{-1}\n\n**Answer**: \\boxed{-1}", 2).contradictsItself)
    #expect(!read("Step 1: no \\boxed{-1}\n\n**Answer**: \\boxed{1}", 2).contradictsItself)
    // An error found earlier than the answer says.
    #expect(read("Step 1: no \\boxed{-1}\n\nStep 2: no \\boxed{-1}\n\n**Answer**: \\boxed{2}", 2).contradictsItself)
  }

  @Test func stepsThatAreNotThereArePassedOver() {
    let said = read("Step 7: \\boxed{-1}\n\nStep 1: \\boxed{1}\n\n**Answer**: \\boxed{9}", 2)
    #expect(said.judgements[1] == .correct)
    #expect(said.judgements.keys.allSatisfy { (1...2).contains($0) })
  }

  @Test func beginningsOfATextNeverTrap() {
    let text = "**Critique of Step 1**: $\\frac{1}{2}$ \\boxed{1}\n\nStep 2\n\\fbox{-1}\n\n**Answer**: \\boxed{2}\n"
    for end in text.indices { _ = read(String(text[..<end]), isWhole: false) }
  }
}
