/// Actions that several screens perform, each in its own way.
extension Action {
  static let rowNext = Action(.rowNext, "down", "Select the next row", keys: ["j", "down"], hint: 2)
  static let rowPrevious = Action(.rowPrevious, "up", "Select the previous row", keys: ["k", "up"])
  static let rowPageDown = Action(.rowPageDown, "page down", "Go a page down", keys: ["page-down", "space"])
  static let rowPageUp = Action(.rowPageUp, "page up", "Go a page up", keys: ["page-up"])
  static let rowHalfDown = Action(.rowHalfDown, "half page down", "Go half a page down", keys: ["ctrl-d"])
  static let rowHalfUp = Action(.rowHalfUp, "half page up", "Go half a page up", keys: ["ctrl-u"])
  static let rowFirst = Action(.rowFirst, "top", "Go to the first row", keys: ["home", "g"])
  static let rowLast = Action(.rowLast, "bottom", "Go to the last row", keys: ["end", "G"])

  static let verdictCorrect = Action(
    .verdictCorrect, "correct", "Rate this step correct (+1)", keys: ["y", "+"], hint: 1)
  static let verdictIncorrect = Action(
    .verdictIncorrect, "incorrect", "Rate this step incorrect (−1); labelling stops here", keys: ["n", "-"], hint: 2)
  static let verdictNeutral = Action(
    .verdictNeutral, "neutral", "Rate this step neutral (0): not wrong, not useful", keys: ["o", "0"], hint: 3)
  static let verdictClear = Action(
    .verdictClear, "clear", "Clear your verdict", keys: ["delete"], hint: 17)

  static let demoOpen = Action(
    .demoOpen, "demonstrate", "Play the solution's critiques as a demonstration", keys: ["D"], hint: 28)
  static let audienceGuess = Action(
    .audienceGuess, "guess", "Guess the first error; 0 for none",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"], asks: "First error (0: none)")
  static let audienceVotes = Action(
    .audienceVotes, "votes", "Count how many people name each step", keys: ["W"], hint: 20,
    asks: "Votes, such as 5:12 4:7 (0: no error)")

  static let stageBlack = Action(
    .stageBlack, "black", "Make the screen black until the next key", keys: ["b"], hint: 21)
  static let stageClean = Action(
    .stageClean, "clean screen", "Show only what is for the audience, without keys and status, or all of it again",
    keys: ["P"], hint: 22)
  static let stageOpen = Action(
    .stageOpen, "whole",
    "Open the problem and the step in full, with their formulas, where there is no room for them",
    keys: ["Z"], hint: 3)
  static let stageItems = Action(
    .stageItems, "items", "List the items of the talk, and go to one by its number", keys: ["L"], hint: 19,
    asks: "Number of an item")

  static let demoPause = Action(.demoPause, "pause", "Pause, or go on", keys: ["space"], hint: 1)
  static let demoForward = Action(
    .demoForward, "step", "Finish writing, or go to the next scene",
    keys: ["right", "l", "enter"], hint: 2)
  static let demoBack = Action(
    .demoBack, "back", "Go back a scene", keys: ["left", "h"], hint: 3)
  static let demoFaster = Action("demo.faster", "faster", "Play faster", keys: ["+", "up"], hint: 4)
  static let demoSlower = Action("demo.slower", "slower", "Play slower", keys: ["-", "down"], hint: 5)
  static let demoNext = Action(
    .demoNext, "next", "Show the next item of the talk, else play the next demonstration", keys: ["]"], hint: 6)
  static let demoPrevious = Action(
    "demo.previous", "previous", "Show the item of the talk before, else play the demonstration before", keys: ["["])
  static let demoRestart = Action(.demoRestart, "again", "Play this from the beginning", keys: ["r"], hint: 8)
}

extension ActionID {
  /// Actions that rate: never done by a click, and once for a key that is held down.
  static let verdicts: Set<ActionID> = [
    .verdictCorrect, .verdictNeutral, .verdictIncorrect, .verdictFirstError, .verdictRestCorrect, .verdictAccept,
    .verdictFix,
  ]

  /// Actions that only move: many of them at once are a key held down.
  static let moving: Set<ActionID> = [
    .rowNext, .rowPrevious, .rowPageDown, .rowPageUp, .rowHalfDown, .rowHalfUp, .rowFirst, .rowLast, .stepNext,
    .stepPrevious, .stepFirst,
    .stepLast, "scroll.down", "scroll.up", "scroll.page-down", "scroll.page-up", "scroll.half-down", "scroll.half-up",
    "adjudication.scroll-down",
    "adjudication.scroll-up", .solutionNext, "solution.previous",
    "live.step-next", "live.step-previous", "live.down", "live.up", "live.page-down", "live.page-up",
    "settings.page-down", "settings.page-up", "runs.item-next", "runs.item-previous", "pane.next", "pane.previous",
  ]
}
