import DeepCriticCore
import Foundation

/// How a person divides the review screen; remembered from session to session.
public struct LayoutChoice: Sendable, Hashable, Codable {
  /// Panes for the critiques where there is room for three: 1 to 3.
  public var panes = 3
  /// Rows that the steps get beyond their share; negative for fewer.
  public var split = 0

  /// The steps are a list with the one under review beside or below it, in place of a page.
  public var showsList = false

  /// The defaults.
  public init() {}

  /// What an older program did not know has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    panes = try values.decodeIfPresent(Int.self, forKey: .panes) ?? panes
    split = try values.decodeIfPresent(Int.self, forKey: .split) ?? split
    showsList = try values.decodeIfPresent(Bool.self, forKey: .showsList) ?? showsList
  }

  var words: String {
    switch panes {
    case 1: "One pane for the critiques, with tabs."
    case 2: "Two panes: initial or deep, and merged."
    default: "Three panes: initial, deep, merged."
    }
  }

  /// `$XDG_STATE_HOME/deepcritic/layout.json`.
  public static func defaultPath(environment: [String: String]) -> String? {
    SettingsFile.stateFolder(environment: environment).map { $0 + "/layout.json" }
  }

  /// What was remembered; the defaults where that cannot be read, since nothing depends on it.
  init(path: String?) {
    guard let path, let data = FileManager.default.contents(atPath: path),
      let read = try? JSONDecoder().decode(LayoutChoice.self, from: data), (1...3).contains(read.panes)
    else { return }
    self = read
    split = min(max(split, -40), 40)
  }
}
