/// Everything a person can intend, in the order in which help shows it.
public enum ActionTable {
  /// Every action.
  public static let all: [Action] =
    review + queue + generation + curation + runs + statistics + adjudication + evaluation + live + demo
    + everywhere

  /// The action with a name.
  public static func action(_ id: ActionID) -> Action? { byID[id] }

  private static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })

  private static let review: [Action] = [
    Action(
      .verdictCorrect, "correct", "Rate this step correct (+1)", [.review, .adjudication], keys: ["y", "+"], hint: 1),
    Action(
      .verdictIncorrect, "incorrect", "Rate this step incorrect (−1); labelling stops here", [.review, .adjudication],
      keys: ["n", "-"], hint: 2),
    Action(
      .verdictNeutral, "neutral", "Rate this step neutral (0): not wrong, not useful", [.review, .adjudication],
      keys: ["o", "0"], hint: 3),
    Action(
      .verdictAccept, "accept", "Take the merged critique's verdict for this step", [.review], keys: ["a"], hint: 4),
    Action(
      .verdictFix, "fix", "Give the opposite of the merged critique's verdict", [.review], keys: ["x"], hint: 5),
    Action(
      .verdictClear, "clear", "Take my verdict for this step away", [.review, .adjudication],
      keys: ["backspace", "delete"], hint: 17),
    Action(.flagToggle, "flag", "Flag this step, or take the flag away", [.review], keys: ["f"], hint: 10),
    Action(.bookmarkToggle, "bookmark", "Set a bookmark on this step, or take it away", [.review], keys: ["M"]),
    Action(
      .commentLine, "comment", "Write a comment on this step", [.review], keys: ["c"], hint: 9,
      asks: "Comment on this step"),
    Action(
      .commentEditor, "long comment", "Write a comment on this step in $EDITOR", [.review], keys: ["C"],
      asks: "Comment on this step"),
    Action(
      .markBadProblem, "bad problem", "Mark the problem itself as bad, with a reason", [.review], keys: ["b"], hint: 15,
      asks: "Why is the problem bad"),
    Action(
      .markGiveUp, "give up", "Give this solution up, with a reason", [.review], keys: ["g"], hint: 16,
      asks: "Why give up"),
    Action(.markSkip, "skip", "Leave this solution for later and go to the next", [.review], keys: ["s"], hint: 10),
    Action(
      .markRemove, "unmark", "Take back bad problem, give up or skip", [.review], keys: ["B"]),
    Action(.stepNext, "step", "Go to the next step", [.review], keys: ["j"], hint: 8),
    Action(.stepPrevious, "previous step", "Go to the previous step", [.review], keys: ["k"]),
    Action(.stepFirst, "first step", "Go to the first step", [.review], keys: ["home"]),
    Action(.stepLast, "last step", "Go to the last step", [.review], keys: ["end"]),
    Action(
      .solutionNext, "any next", "Go to the next solution of the queue", [.review], keys: ["]", "right"], hint: 12),
    Action(
      .solutionPrevious, "previous", "Go to the previous solution of the queue", [.review], keys: ["[", "left"]),
    Action(
      .solutionNextTodo, "next", "Go to the next solution that I have not finished", [.review],
      keys: ["enter", ">"], hint: 6),
    Action(
      .solutionPreviousTodo, "previous to do", "Go to the previous solution that I have not finished", [.review],
      keys: ["<"]),
    Action(.paneNext, "pane", "Give the next pane the arrow keys", [.review], keys: ["tab"], hint: 12),
    Action(.panePrevious, "previous pane", "Give the previous pane the arrow keys", [.review], keys: ["shift-tab"]),
    Action(.paneInitial, "initial", "Show and focus the initial critique", [.review], keys: ["1"]),
    Action(.paneDeep, "deep", "Show and focus the deep critique", [.review], keys: ["2"]),
    Action(.paneMerged, "merged", "Show and focus the merged critique", [.review], keys: ["3"]),
    Action(
      .scrollDown, "down", "Move down: next step, or scroll the focused pane", [.review], keys: ["down", "ctrl-n"]),
    Action(.scrollUp, "up", "Move up: previous step, or scroll the focused pane", [.review], keys: ["up"]),
    Action(
      .scrollPageDown, "page down", "Scroll the focused pane a page down", [.review], keys: ["page-down", "space"]),
    Action(.scrollPageUp, "page up", "Scroll the focused pane a page up", [.review], keys: ["page-up"]),
    Action(
      .referenceToggle, "reference", "Show or hide the reference answer and solution in full, below the problem",
      [.review], keys: ["H"]),
    Action(
      .alternativesToggle, "alternatives", "Show or hide the step's rated alternatives below it", [.review], keys: ["A"]
    ),
    Action(
      .consequences, "preview", "Show what each verdict on this step would change in the training set", [.review],
      keys: ["p"], hint: 12),
    Action(.answerToggle, "answer", "Show or hide the reference answer", [.review], keys: ["h"], hint: 18),
    Action(
      .sourceToggle, "source", "Switch the focused pane between readable mathematics and raw source", [.review],
      keys: ["v"], hint: 19),
    Action(
      .sourceToggleAll, "all source", "Switch every pane between readable mathematics and raw source", [.review],
      keys: ["V"]),
    Action(.sourceBoth, "both", "Show the step both readable and as source", [.review], keys: ["w"]),
    Action(
      .critiqueUnsound, "reasoning",
      "Say that the focused critique's reasoning does not hold, whatever it concludes; again: that it holds; again: nothing",
      [.review], keys: ["r"], hint: 12),
    Action(
      .critiqueUnsoundWhy, "reasoning, why", "Say that the focused critique's reasoning does not hold, and why",
      [.review], keys: ["R"], asks: "What does not hold"),
    Action(
      .critiqueMark, "sentence", "Mark the sentences of the focused critique whose reasoning does not hold", [.review],
      keys: ["S"], asks: "Which sentences (3, or 3-5)"),
    Action(
      .sampleNext, "sample", "Show the next sample or version of the focused critique", [.review], keys: ["."], hint: 13
    ),
    Action(
      .samplePrevious, "sample back", "Show the previous sample or version of the focused critique", [.review],
      keys: [","]),
    Action(
      .sampleChoose, "use this", "Use the sample shown as the critique of this step; again: let the rule choose",
      [.review], keys: ["d"], hint: 14),
    Action(
      .critiqueEdit, "edit", "Change the critique shown; the original is kept", [.review], keys: ["e"],
      hint: 14, asks: "The critique's text"),
    Action(
      .critiqueWrite, "write", "Write a critique of your own for this step and stage", [.review],
      keys: ["E"], asks: "The critique's text"),
    Action(
      .stepCorrect, "correct step", "Write what this step should say", [.review], keys: ["i"],
      asks: "What the step should say"),
    Action(.layoutZoom, "zoom", "Give the focused pane the whole screen, or back", [.review], keys: ["z"], hint: 13),
    Action(
      .layoutPanes, "panes", "Show the critiques in three panes, two, or one with tabs (from 100 columns)", [.review],
      keys: ["|"]),
    Action(.layoutGrow, "more critique", "Move the line above the critiques up", [.review], keys: ["{"]),
    Action(.layoutShrink, "less critique", "Move the line above the critiques down", [.review], keys: ["}"]),
    Action(
      .critiqueCompare, "compare",
      "Mark the words in which two critiques differ: deep and merged, initial and merged, initial and deep, none",
      [.review], keys: ["="], hint: 11),
    Action(
      .critiqueOrigin, "origin", "Go to where the merged critique's first sentence in view comes from", [.review],
      keys: ["O"]),
    Action(
      .aidsToggle, "marks", "Show or hide turning points, quotations and the origins of sentences", [.review],
      keys: ["T"]),
    Action(
      .textSearch, "find", "Find words in the problem, the step and its critiques", [.review], keys: ["/"], hint: 14,
      asks: "Find"),
    Action(.textSearchNext, "find next", "Go to the next place that was found", [.review], keys: [";"]),
    Action(
      .copySource, "copy", "Copy the source of the focused pane (or the step) to the terminal's clipboard", [.review],
      keys: ["Y"]),
  ]

  /// Places with a list of rows.
  private static let lists: [Place] = [
    .queue, .generation, .curation, .runs, .runForm, .statistics, .adjudication, .evaluation,
  ]

  private static let queue: [Action] = [
    Action(.queueOpen, "review", "Open the selected solution", [.queue], keys: ["enter", "l", "right"], hint: 1),
    Action(.rowNext, "down", "Select the next row", lists, keys: ["j", "down"], hint: 2),
    Action(.rowPrevious, "up", "Select the previous row", lists, keys: ["k", "up"]),
    Action(.rowPageDown, "page down", "Go a page down", lists, keys: ["page-down", "space"]),
    Action(.rowPageUp, "page up", "Go a page up", lists, keys: ["page-up"]),
    Action(.rowFirst, "top", "Go to the first row", lists, keys: ["home", "g"]),
    Action(.rowLast, "bottom", "Go to the last row", lists, keys: ["end", "G"]),
    Action(
      .queueFilter, "filter", "Show only solutions with these words or conditions (state:todo, label:wrong, …)",
      [.queue], keys: ["/"], hint: 3, asks: "Filter"),
    Action(.queueFilterClear, "all", "Show all solutions again", [.queue], keys: ["backspace"], hint: 6),
    Action(
      .queueSaved, "queues", "Open a saved queue, or all solutions again", [.queue], keys: ["s"], hint: 5),
    Action(
      .queueSave, "save queue",
      "Save this filter and order as a queue: NAME, and if wished mode=blind quota=50 overlap=2 gold=0.05 seed=1",
      [.queue], keys: ["S"], asks: "Save as (NAME mode= quota= overlap= gold= seed=)"),
    Action(.queueSort, "order", "Change the order of the queue", [.queue], keys: ["t"], hint: 4),
  ]

  private static let everywhere: [Action] = [
    Action(.undo, "undo", "Take back my latest decision, wherever it was", [.everywhere], keys: ["u"], hint: 7),
    Action(.redo, "redo", "Restore the decision taken back last", [.everywhere], keys: ["ctrl-r"], hint: 13),
    Action(
      .modeToggle, "mode", "Switch between audit (all open) and blind (verdict first)", [.everywhere], keys: ["m"],
      hint: 20),
    Action(
      .liveOpen, "live", "Open the screen on which critics write before an audience", [.everywhere], keys: ["@"],
      hint: 26),
    Action(
      .demoOpen, "demonstrate", "Play the solution's critiques as a demonstration", [.queue, .review, .live],
      keys: ["D"], hint: 27),
    Action(
      .generationOpen, "generate", "Open the screen that generates critiques with a model", [.everywhere],
      keys: ["f2"], hint: 21),
    Action(
      .curationOpen, "curate", "Open the screen that shows what is in the training set and why", [.everywhere],
      keys: ["f3"], hint: 22),
    Action(
      .runsOpen, "runs", "Open the screen that starts and watches training runs", [.everywhere], keys: ["f4"], hint: 23),
    Action(
      .evaluationOpen, "evaluate", "Open the screen that compares critics on benchmarks", [.everywhere], keys: ["f5"],
      hint: 24),
    Action(
      .statisticsOpen, "figures", "Open the screen with statistics of labels, critiques and reviewers", [.everywhere],
      keys: ["f6"], hint: 23),
    Action(
      .adjudicationOpenScreen, "conflicts", "Open the screen that settles what reviewers disagree on", [.everywhere],
      keys: ["f7"], hint: 24),
    Action(.help, "keys", "Show every key", [.everywhere], keys: ["?", "f1"], hint: 30),
    Action(.palette, "commands", "Find a command by its name", [.everywhere], keys: [":", "ctrl-p"], hint: 29),
    Action(
      .back, "back", "From a review back to the queue; from the queue, end the program", [.everywhere], keys: ["q"],
      hint: 28),
    Action(
      .close, "close", "Close what is open: a review, or the queue's filter", [.everywhere], keys: ["escape"]),
    Action(
      .messagesShow, "messages", "Show what was said in this session", [.everywhere], keys: ["ctrl-o"]),
    Action(
      .placesShow, "places", "List bookmarks and the solutions that were open in this session", [.everywhere],
      keys: ["'"]),
    Action(
      .settingsShow, "settings", "Show the settings, and change those that are yours", [.everywhere], keys: ["f8"]),
    Action(.guideShow, "guide", "Show the guide for newcomers", [.everywhere], keys: ["f12"]),
    Action(
      .mouseToggle, "mouse", "Use the mouse here, or leave it to the terminal's own text selection", [.everywhere],
      keys: ["f9"]),
    Action(.themeChoose, "theme", "Change the colours", [.everywhere], keys: ["f10"]),
    Action(.redraw, "redraw", "Draw the screen again", [.everywhere], keys: ["ctrl-l"]),
    Action(.quit, "quit", "End; everything is saved already", [.everywhere], keys: ["Q", "ctrl-c"], hint: 31),
  ]
}
