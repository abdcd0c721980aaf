extension ActionID {
  static let stepNext = ActionID("step.next")
  static let stepPrevious = ActionID("step.previous")
  static let stepFirst = ActionID("step.first")
  static let stepLast = ActionID("step.last")
  static let solutionNext = ActionID("solution.next")
  static let solutionPrevious = ActionID("solution.previous")
  static let solutionNextTodo = ActionID("solution.next-todo")
  static let solutionPreviousTodo = ActionID("solution.previous-todo")
  static let verdictCorrect = ActionID("verdict.correct")
  static let verdictNeutral = ActionID("verdict.neutral")
  static let verdictIncorrect = ActionID("verdict.incorrect")
  static let verdictAccept = ActionID("verdict.accept")
  static let verdictFix = ActionID("verdict.fix")
  static let verdictClear = ActionID("verdict.clear")
  static let flagToggle = ActionID("flag.toggle")
  static let commentLine = ActionID("comment.line")
  static let commentEditor = ActionID("comment.editor")
  static let markBadProblem = ActionID("mark.bad-problem")
  static let markGiveUp = ActionID("mark.give-up")
  static let markSkip = ActionID("mark.skip")
  static let markRemove = ActionID("mark.remove")
  static let undo = ActionID("undo")
  static let redo = ActionID("redo")
  static let paneNext = ActionID("pane.next")
  static let panePrevious = ActionID("pane.previous")
  static let paneInitial = ActionID("pane.initial")
  static let paneDeep = ActionID("pane.deep")
  static let paneMerged = ActionID("pane.merged")
  static let scrollUp = ActionID("scroll.up")
  static let scrollDown = ActionID("scroll.down")
  static let scrollPageUp = ActionID("scroll.page-up")
  static let scrollPageDown = ActionID("scroll.page-down")
  static let answerToggle = ActionID("answer.toggle")
  static let referenceToggle = ActionID("reference.toggle")
  static let alternativesToggle = ActionID("alternatives.toggle")
  static let sourceToggle = ActionID("source.toggle")
  static let sourceToggleAll = ActionID("source.toggle-all")
  static let sourceBoth = ActionID("source.both")
  static let critiqueUnsound = ActionID("critique.unsound")
  static let critiqueMark = ActionID("critique.mark")
  static let critiqueUnsoundWhy = ActionID("critique.unsound-why")
  static let sampleNext = ActionID("sample.next")
  static let samplePrevious = ActionID("sample.previous")
  static let sampleChoose = ActionID("sample.choose")
  static let critiqueEdit = ActionID("critique.edit")
  static let critiqueWrite = ActionID("critique.write")
  static let stepCorrect = ActionID("step.correct")
  static let layoutZoom = ActionID("layout.zoom")
  static let layoutPanes = ActionID("layout.panes")
  static let layoutGrow = ActionID("layout.grow")
  static let layoutShrink = ActionID("layout.shrink")
  static let aidsToggle = ActionID("aids.toggle")
  static let critiqueCompare = ActionID("critique.compare")
  static let critiqueOrigin = ActionID("critique.origin")
  static let textSearch = ActionID("text.search")
  static let textSearchNext = ActionID("text.search-next")
  static let copySource = ActionID("copy.source")
  static let rowNext = ActionID("row.next")
  static let rowPrevious = ActionID("row.previous")
  static let rowPageDown = ActionID("row.page-down")
  static let rowPageUp = ActionID("row.page-up")
  static let rowFirst = ActionID("row.first")
  static let rowLast = ActionID("row.last")
  static let queueOpen = ActionID("queue.open")
  static let queueSort = ActionID("queue.sort")
  static let queueFilter = ActionID("queue.filter")
  static let queueFilterClear = ActionID("queue.filter-clear")
  static let queueSaved = ActionID("queue.saved")
  static let queueSave = ActionID("queue.save")
  static let bookmarkToggle = ActionID("bookmark.toggle")
  static let placesShow = ActionID("places.show")
  static let guideShow = ActionID("guide.show")
  static let settingsShow = ActionID("settings.show")
  static let mouseToggle = ActionID("mouse.toggle")
  static let messagesShow = ActionID("messages.show")
  static let themeChoose = ActionID("theme.choose")
  static let generationOpen = ActionID("generation.open")
  static let generationStart = ActionID("generation.start")
  static let generationStop = ActionID("generation.stop")
  static let generationSolutions = ActionID("generation.solutions")
  static let generationModel = ActionID("generation.model")
  static let generationEndpoint = ActionID("generation.endpoint")
  static let generationLimit = ActionID("generation.limit")
  static let curationOpen = ActionID("curation.open")
  static let curationEnter = ActionID("curation.enter")
  static let curationFold = ActionID("curation.fold")
  static let curationQueue = ActionID("curation.queue")
  static let curationExclude = ActionID("curation.exclude")
  static let evaluationOpen = ActionID("evaluation.open")
  static let evaluationEnter = ActionID("evaluation.enter")
  static let evaluationLeft = ActionID("evaluation.left")
  static let evaluationRight = ActionID("evaluation.right")
  static let evaluationFilter = ActionID("evaluation.filter")
  static let evaluationSample = ActionID("evaluation.sample")
  static let evaluationTraining = ActionID("evaluation.training")
  static let evaluationQueue = ActionID("evaluation.queue")
  static let statisticsOpen = ActionID("statistics.open")
  static let statisticsAgain = ActionID("statistics.again")
  static let adjudicationOpenScreen = ActionID("adjudication.open")
  static let adjudicationNext = ActionID("adjudication.next")
  static let adjudicationOpen = ActionID("adjudication.review")
  static let adjudicationNote = ActionID("adjudication.note")
  static let runsOpen = ActionID("runs.open")
  static let runsPane = ActionID("runs.pane")
  static let runsOverlay = ActionID("runs.overlay")
  static let runsMetric = ActionID("runs.metric")
  static let runsMetricPrevious = ActionID("runs.metric-previous")
  static let runsSmoothing = ActionID("runs.smoothing")
  static let runsZoomIn = ActionID("runs.zoom-in")
  static let runsZoomOut = ActionID("runs.zoom-out")
  static let runsZoomAll = ActionID("runs.zoom-all")
  static let runsLeft = ActionID("runs.left")
  static let runsRight = ActionID("runs.right")
  static let runsItemNext = ActionID("runs.item-next")
  static let runsItemPrevious = ActionID("runs.item-previous")
  static let runsEnter = ActionID("runs.enter")
  static let runsStop = ActionID("runs.stop")
  static let runsResume = ActionID("runs.resume")
  static let runsNew = ActionID("runs.new")
  static let runsLike = ActionID("runs.like")
  static let runFormChange = ActionID("run-form.change")
  static let runFormType = ActionID("run-form.type")
  static let runFormStart = ActionID("run-form.start")
  static let liveOpen = ActionID("live.open")
  static let liveStart = ActionID("live.start")
  static let liveStop = ActionID("live.stop")
  static let liveManner = ActionID("live.manner")
  static let liveModels = ActionID("live.models")
  static let liveServers = ActionID("live.servers")
  static let liveCompose = ActionID("live.compose")
  static let liveBlind = ActionID("live.blind")
  static let liveChallenge = ActionID("live.challenge")
  static let liveNext = ActionID("live.next")
  static let livePrevious = ActionID("live.previous")
  static let liveSave = ActionID("live.save")
  static let liveCopy = ActionID("live.copy")
  static let liveStepNext = ActionID("live.step-next")
  static let liveStepPrevious = ActionID("live.step-previous")
  static let liveFollow = ActionID("live.follow")
  static let livePane = ActionID("live.pane")
  static let liveZoom = ActionID("live.zoom")
  static let liveDown = ActionID("live.down")
  static let liveUp = ActionID("live.up")
  static let livePageDown = ActionID("live.page-down")
  static let livePageUp = ActionID("live.page-up")
  static let liveSource = ActionID("live.source")
  static let performanceGuess = ActionID("performance.guess")
  static let demoOpen = ActionID("demo.open")
  static let demoPause = ActionID("demo.pause")
  static let demoForward = ActionID("demo.forward")
  static let demoBack = ActionID("demo.back")
  static let demoFaster = ActionID("demo.faster")
  static let demoSlower = ActionID("demo.slower")
  static let demoRestart = ActionID("demo.restart")
  static let demoNext = ActionID("demo.next")
  static let demoPrevious = ActionID("demo.previous")
  static let consequences = ActionID("consequences")
  static let modeToggle = ActionID("mode.toggle")
  static let help = ActionID("help")
  static let palette = ActionID("palette")
  static let back = ActionID("back")
  static let close = ActionID("close")
  static let quit = ActionID("quit")
  static let redraw = ActionID("redraw")
}

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

  private static let curation: [Action] = [
    Action(
      .curationEnter, "open", "Show the solutions of the selected reason, or open the selected solution", [.curation],
      keys: ["enter", "l", "right"], hint: 1),
    Action(.curationFold, "fold", "Fold the open reason", [.curation], keys: ["h", "left"], hint: 3),
    Action(
      .curationQueue, "as queue", "List the solutions of the selected reason in the queue", [.curation], keys: ["o"],
      hint: 4),
    Action(
      .curationExclude, "exclude", "Keep the selected solution out by hand, or take that back", [.curation],
      keys: ["x"], hint: 5),
  ]

  private static let evaluation: [Action] = [
    Action(
      .evaluationEnter, "open", "Show the rows of the selected critic and set; then a row; then its review",
      [.evaluation], keys: ["enter"], hint: 1),
    Action(
      .evaluationLeft, "left", "Select the set to the left, or go a level up", [.evaluation], keys: ["h", "left"]),
    Action(
      .evaluationRight, "right", "Select the set to the right, open the row, or show its next answer", [.evaluation],
      keys: ["l", "right"], hint: 3),
    Action(
      .evaluationFilter, "rows", "List wrong rows, rows where critics differ, rows without an answer, or all",
      [.evaluation], keys: ["f"], hint: 4),
    Action(.evaluationSample, "answer", "Show the row's next answer", [.evaluation], keys: ["tab"], hint: 5),
    Action(
      .evaluationTraining, "trained on", "List the solutions that trained the selected critic in the queue",
      [.evaluation], keys: ["d"], hint: 8),
    Action(
      .evaluationQueue, "as queue", "List the rows in the queue, to review them", [.evaluation], keys: ["o"], hint: 6),
  ]

  private static let statistics: [Action] = [
    Action(.statisticsAgain, "count again", "Count everything again", [.statistics], keys: ["r"], hint: 4)
  ]

  private static let adjudication: [Action] = [
    Action(
      .adjudicationNext, "next open", "Go to the next conflict that nobody has settled", [.adjudication],
      keys: ["enter", ">"], hint: 4),
    Action(
      .adjudicationNote, "reason", "Write a reason that goes with your decision", [.adjudication], keys: ["c"], hint: 5,
      asks: "Reason"),
    Action(
      .adjudicationOpen, "solution", "Open the solution of the selected conflict at its step", [.adjudication],
      keys: ["l", "right"], hint: 6),
  ]

  private static let generation: [Action] = [
    Action(
      .generationStart, "start", "Ask for what the selected stage lacks (asks once more before it begins)",
      [.generation], keys: ["s"], hint: 1),
    Action(
      .generationStop, "stop", "Ask nothing new; a second time drops what is in flight", [.generation], keys: ["x"],
      hint: 3),
    Action(
      .generationSolutions, "solutions", "Show the solutions that stand where the selected row says, in the queue",
      [.generation], keys: ["enter", "l"], hint: 4),
    Action(
      .generationModel, "model", "Name the model for this session", [.generation], keys: ["M"], hint: 5,
      asks: "Model (empty: the settings')"),
    Action(
      .generationEndpoint, "server", "Name the servers for this session, separated by blanks", [.generation],
      keys: ["E"], hint: 6, asks: "Servers (empty: the settings')"),
    Action(
      .generationLimit, "limit", "Ask about so many solutions at most", [.generation], keys: ["L"], hint: 7,
      asks: "Solutions at most (empty: all)"),
  ]

  private static let runs: [Action] = [
    Action(
      .runsEnter, "samples", "Show the selected run's samples; from a sample, open its solution", [.runs],
      keys: ["enter"], hint: 1),
    Action(.runsNew, "new", "Fill in the form of a new run", [.runs], keys: ["a"], hint: 3),
    Action(.runsLike, "like this", "Fill in the form of a run like the selected one", [.runs], keys: ["A"]),
    Action(
      .runsStop, "stop", "Stop the selected run after its step, with a checkpoint; again ends it at once", [.runs],
      keys: ["x"], hint: 4),
    Action(
      .runsResume, "resume", "Start the selected run again from its last checkpoint", [.runs], keys: ["r"], hint: 5),
    Action(
      .runsPane, "pane", "Show the chart, samples, log, or settings (differences of several runs)", [.runs],
      keys: ["tab"], hint: 6),
    Action(.runsMetric, "line", "Draw the next line: reward, loss, entropy and so on", [.runs], keys: ["n"], hint: 7),
    Action(.runsMetricPrevious, "previous line", "Draw the line before", [.runs], keys: ["p"]),
    Action(
      .runsOverlay, "overlay", "Draw the selected run's line beside those of others, or take it away", [.runs],
      keys: ["o"], hint: 8),
    Action(.runsSmoothing, "smooth", "Smooth the lines more, or not at all", [.runs], keys: ["s"], hint: 9),
    Action(.runsZoomIn, "zoom", "Draw half of the steps", [.runs], keys: ["+", "="], hint: 10),
    Action(.runsZoomOut, "wider", "Draw twice as many steps", [.runs], keys: ["-"]),
    Action(.runsZoomAll, "all steps", "Draw all steps", [.runs], keys: ["0"]),
    Action(.runsLeft, "left", "Go to earlier steps of the chart", [.runs], keys: ["h", "left"]),
    Action(.runsRight, "right", "Go to later steps of the chart", [.runs], keys: ["l", "right"]),
    Action(
      .runsItemNext, "next sample", "Go to the next sample, or scroll the log or the settings down", [.runs],
      keys: ["J", "]"]),
    Action(
      .runsItemPrevious, "previous sample", "Go to the sample before, or scroll the log or the settings up", [.runs],
      keys: ["K", "["]),
    Action(
      .runFormChange, "change", "Change the selected field: the next choice, or a line to type into", [.runForm],
      keys: ["enter", "l", "right"], hint: 1),
    Action(
      .runFormType, "type", "Type the selected field", [.runForm], keys: ["e", "i"], hint: 3, asks: "Value"),
    Action(.runFormStart, "start", "Check the run and start it", [.runForm], keys: ["s", "S"], hint: 4),
  ]

  private static let live: [Action] = [
    Action(
      .liveStart, "begin", "Let the critics speak (again)", [.live], keys: ["enter"], hint: 1),
    Action(.liveStop, "stop", "Stop what is being written; what has come stays", [.live], keys: ["x"], hint: 2),
    Action(
      .liveManner, "manner", "One critique of the whole solution, or initial, deep and merged critiques of each step",
      [.live], keys: ["t"], hint: 3),
    Action(
      .liveModels, "models", "Name the model, or two to compare (empty: what the server lists)", [.live], keys: ["M"],
      hint: 4, asks: "Models (empty: what the server lists)"),
    Action(
      .liveServers, "servers", "Name the servers, one for each model or one for all", [.live], keys: ["E"], hint: 12,
      asks: "Servers (empty: the settings')"),
    Action(
      .liveCompose, "write", "Write a problem and its solution in $EDITOR (or paste them here)", [.live], keys: ["e"],
      hint: 5, asks: "Problem and solution"),
    Action(.liveNext, "next", "Take the next solution of the queue", [.live], keys: ["]", "right", "n"], hint: 6),
    Action(.livePrevious, "previous", "Take the previous solution of the queue", [.live], keys: ["[", "left", "p"]),
    Action(
      .liveBlind, "names", "Hide the critics' names, or show them again", [.live], keys: ["b"], hint: 9),
    Action(
      .liveChallenge, "challenge", "Let the audience guess before the critics speak, or not", [.live], keys: ["c"],
      hint: 8),
    Action(
      .performanceGuess, "guess", "Guess the first wrong step; 0 for none", [.live, .demo],
      keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"], asks: "First wrong step (0: none)"),
    Action(
      .liveSave, "save", "Keep the critiques in the workspace, for review", [.live], keys: ["S"], hint: 7),
    Action(.liveCopy, "copy", "Copy the focused critique to the terminal's clipboard", [.live], keys: ["Y"]),
    Action(.liveStepNext, "step", "Show the next step's critiques", [.live], keys: ["j"], hint: 10),
    Action(.liveStepPrevious, "previous step", "Show the previous step's critiques", [.live], keys: ["k"]),
    Action(.liveFollow, "follow", "Follow what is being written again", [.live], keys: ["f"], hint: 13),
    Action(.livePane, "pane", "Give the next critique the arrow keys", [.live], keys: ["tab"], hint: 11),
    Action(.liveZoom, "zoom", "Give the focused critique the whole width, or back", [.live], keys: ["z"]),
    Action(.liveDown, "down", "Scroll the focused critique down", [.live], keys: ["down"]),
    Action(.liveUp, "up", "Scroll the focused critique up", [.live], keys: ["up"]),
    Action(
      .livePageDown, "page down", "Scroll the focused critique a page down", [.live], keys: ["page-down", "space"]),
    Action(.livePageUp, "page up", "Scroll the focused critique a page up", [.live], keys: ["page-up"]),
    Action(.liveSource, "source", "Switch between readable mathematics and raw source", [.live], keys: ["v"]),
  ]

  private static let demo: [Action] = [
    Action(.demoPause, "pause", "Pause, or go on", [.demo], keys: ["space"], hint: 1),
    Action(
      .demoForward, "step", "Finish writing, or go to the next scene", [.demo], keys: ["right", "l", "enter"], hint: 2),
    Action(.demoBack, "back", "Go back a scene", [.demo], keys: ["left", "h"], hint: 3),
    Action(.demoFaster, "faster", "Play faster", [.demo], keys: ["+", "up"], hint: 4),
    Action(.demoSlower, "slower", "Play slower", [.demo], keys: ["-", "down"], hint: 5),
    Action(.demoNext, "next", "Play the next demonstration", [.demo], keys: ["n"], hint: 6),
    Action(.demoPrevious, "previous", "Play the demonstration before", [.demo], keys: ["p"]),
    Action(.demoRestart, "again", "Play this demonstration from the beginning", [.demo], keys: ["r"], hint: 8),
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
