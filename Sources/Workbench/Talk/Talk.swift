import DeepCriticCore
import Recording
import Terminal

/// What is shown to an audience, one item after the other.
public struct Talk: Sendable {
  /// A demonstration, a live round or a recording.
  public struct Item: Sendable {
    /// Its name for the speaker and in the list.
    public var title: String
    /// What the speaker wants to remember; may have several paragraphs.
    public var notes = ""
    /// Planned length.
    public var minutes: Double?
    /// What it shows.
    public var opening: Workbench.Opening

    /// The smallest terminal that shows all of a recording; `nil` for what adapts to any.
    public var terminalSize: Size? {
      if case .recording(let film, _) = opening { film.terminalSize } else { nil }
    }
  }

  /// The file it was read from.
  public var path: String
  /// What it is called.
  public var title: String
  /// At least one.
  public var items: [Item]

  /// Planned minutes of all items; `nil` where none has any.
  public var minutes: Double? { items.contains { $0.minutes != nil } ? items.compactMap(\.minutes).reduce(0, +) : nil }
}
