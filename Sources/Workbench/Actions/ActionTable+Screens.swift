/// What can be intended on the screens beside queue and review.
extension ActionTable {
  static let curation: [Action] = [
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

  static let evaluation: [Action] = [
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

  static let statistics: [Action] = [
    Action(.statisticsAgain, "count again", "Count everything again", [.statistics], keys: ["r"], hint: 4)
  ]

  static let adjudication: [Action] = [
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

  static let generation: [Action] = [
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

  static let runs: [Action] = [
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

  static let live: [Action] = [
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

  static let demo: [Action] = [
    Action(.demoPause, "pause", "Pause, or go on", [.demo], keys: ["space"], hint: 1),
    Action(
      .demoForward, "step", "Finish writing, or go to the next scene", [.demo], keys: ["right", "l", "enter"], hint: 2),
    Action(.demoBack, "back", "Go back a scene", [.demo], keys: ["left", "h"], hint: 3),
    Action(.demoFaster, "faster", "Play faster", [.demo], keys: ["+", "up"], hint: 4),
    Action(.demoSlower, "slower", "Play slower", [.demo], keys: ["-", "down"], hint: 5),
    Action(
      .demoPageUp, "earlier text", "Scroll critiques that are longer than their panes back", [.demo], keys: ["page-up"],
      hint: 9),
    Action(.demoPageDown, "later text", "Scroll the critiques towards their end", [.demo], keys: ["page-down"]),
    Action(.demoNext, "next", "Play the next demonstration", [.demo], keys: ["n"], hint: 6),
    Action(.demoPrevious, "previous", "Play the demonstration before", [.demo], keys: ["p"]),
    Action(.demoRestart, "again", "Play this demonstration from the beginning", [.demo], keys: ["r"], hint: 8),
  ]
}
