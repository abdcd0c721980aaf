import DeepCriticCore
import Terminal

extension Navigator {
  /// Ends, unless something would be left behind: then it takes the key twice.
  ///
  /// - Parameter unfinished: what the reviewer may want to finish first; nothing of it is lost.
  func quit(asking unfinished: String? = nil) {
    let running =
      services.generation.isRunning
      ? "Generation is running. Press the same key again to drop requests in flight and quit; responses are stored."
      : nil
    guard let question = running ?? unfinished, !quitAsked else {
      context.effect = .quit
      return
    }
    quitAsked = true
    say(.warning, question)
  }

  /// A talk that is not at its last item; `nil` for none.
  var unfinishedTalk: String? {
    guard let talk, talk.index + 1 < talk.talk.items.count else { return nil }
    return "The talk is at item \(talk.index + 1) of \(talk.talk.items.count). The same key again ends it."
  }

  /// What was begun in this session and is not finished; `nil` for nothing.
  func unfinishedWords() throws -> String? {
    if let unfinishedTalk { return unfinishedTalk }
    if let draft = services.drafts.all.first {
      return "\(draft.name): \(draft.words) is not saved; it is kept as a draft. The same key again ends."
    }
    let rows = try workspace.rows(decidedAbout.sorted(), reviewer: session.reviewer).filter { $0.state == .started }
    guard let first = rows.first else { return nil }
    let what =
      rows.count == 1
      ? "\(TextSafety.line(first.name)) has steps without your verdict"
      : "\(rows.count) solutions have steps without your verdict"
    return "\(what); all is saved. The same key again ends."
  }
}
