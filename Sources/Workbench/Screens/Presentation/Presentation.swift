import DeepCriticCore
import Terminal

/// A critic at work, as an audience sees it: live critiques and demonstrations draw the same picture.
struct Presentation {
  struct Step {
    var text: String
    /// How much of it is written already, from 0 to 1.
    var written = 1.0
  }

  /// One voice of the matrix.
  struct Column {
    var title: String
    var rating: (Int) -> Rating?
    var current: Int?
    /// The words in place of a rating's sign.
    var text: ((Int) -> String)? = nil
  }

  /// One critique.
  struct Pane {
    var title: String
    /// What it concludes, or its progress, at the right of the title.
    var says: (text: String, role: StyleRole)
    /// Its lines at a width.
    var lines: (Int) -> [TextLine]
    /// The first line that is shown; `nil` follows the end.
    var scroll: Int?
    /// Rows before the end, where that is followed.
    var back = 0
  }

  var title: String
  /// At the right of the first row.
  var facts: String
  var problem: String
  /// Steps that can be seen.
  var steps: [Step] = []
  /// All steps, where they are to be read in full before a critic speaks; those that cannot be seen yet take their room.
  var texts: [String] = []
  /// The 1-based step that is spoken of; 0 for none.
  var selected = 0
  var columns: [Column] = []
  var panes: [Pane] = []
  /// The pane that speaks, or has the focus.
  var focus = 0
  /// On narrow screens only the critique that speaks is shown in full, as large as can be.
  var showsOneWhereNarrow = false
  /// The first row of steps that are read before a critic speaks; `nil` follows what is written or chosen.
  var top: Int?
  /// Rows before that.
  var back = 0
  /// People who say that no step is wrong.
  var noErrorVotes = 0
  /// Words for the audience, below everything.
  var caption = ""
  /// The row above the hints.
  var status = ""

  /// Rows of the matrix: the steps, and one for "no error" where people say so.
  var rowCount: Int { steps.count + (noErrorVotes > 0 ? 1 : 0) }

  /// Adds the column of votes, where there are any.
  mutating func add(_ votes: AudienceVotes) {
    guard let column = Column(votes) else { return }
    columns.append(column)
    noErrorVotes = votes[-1]
  }
}

extension Presentation.Column {
  /// How many people named each step; `nil` where nobody voted.
  init?(_ votes: AudienceVotes) {
    guard votes.total > 0 else { return nil }
    self.init(title: "votes", rating: { _ in nil }, current: nil) { votes[$0] > 0 ? String(votes[$0]) : "" }
  }
}
