import DeepCriticCore
import Terminal

extension StyleRole {
  static let problem = StyleRole(rawValue: "problem")
  static let stepNumber = StyleRole(rawValue: "stepNumber")
  /// The step under review in full: what the eye should meet first.
  static let stepText = StyleRole(rawValue: "stepText")
  static let stepSelected = StyleRole(rawValue: "stepSelected")
  static let stepSelectedText = StyleRole(rawValue: "stepSelectedText")
  static let verdictCorrect = StyleRole(rawValue: "verdictCorrect")
  static let verdictNeutral = StyleRole(rawValue: "verdictNeutral")
  static let verdictIncorrect = StyleRole(rawValue: "verdictIncorrect")
  static let verdictNone = StyleRole(rawValue: "verdictNone")
  static let flagged = StyleRole(rawValue: "flagged")
  static let disagreement = StyleRole(rawValue: "disagreement")
  static let label = StyleRole(rawValue: "label")
  static let mode = StyleRole(rawValue: "mode")
  static let saved = StyleRole(rawValue: "saved")
  static let answer = StyleRole(rawValue: "answer")
  static let progress = StyleRole(rawValue: "progress")
}

/// How ratings and judgements look: a glyph and a role, never a colour alone.
enum VerdictLook {
  static func glyph(_ rating: Rating?, _ glyphs: Glyphs) -> String {
    switch rating {
    case .correct: glyphs.correct
    case .neutral: glyphs.neutral
    case .incorrect: glyphs.incorrect
    case nil: glyphs.none
    }
  }

  static func role(_ rating: Rating?) -> StyleRole {
    switch rating {
    case .correct: .verdictCorrect
    case .neutral: .verdictNeutral
    case .incorrect: .verdictIncorrect
    case nil: .verdictNone
    }
  }
}

extension Stage {
  /// Heading of a pane.
  var title: String {
    switch self {
    case .initial: "Initial"
    case .deep: "Deep"
    case .merged: "Merged"
    }
  }
}
