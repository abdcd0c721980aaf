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
