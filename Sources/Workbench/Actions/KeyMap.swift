import Terminal

/// A binding in the settings that cannot be used.
public struct KeyMapError: Error, Sendable, CustomStringConvertible {
  /// Name of the action, as it is in the settings.
  public let action: String
  /// Names the action and the key.
  public let description: String
}

/// Which key does what, on which screen: the action table's keys, with the settings' on top.
public struct KeyMap: Sendable {
  /// By screen; `nil` for everywhere.
  private var actions: [ScreenID?: [Key: ActionID]] = [:]
  private var keys: [ActionID: [Key]] = [:]

  /// - Parameter overrides: key names by action name; they replace that action's default keys. A key given to one
  ///   action is taken from any other on the same screen.
  /// - Throws: ``KeyMapError`` for an unknown action or key name.
  public init(overrides: [String: [String]] = [:]) throws {
    var chosen: [(Action, [Key])] = []
    for action in ActionTable.all where overrides[action.id.rawValue] == nil {
      chosen.append((action, action.keys.compactMap(Key.init)))
    }
    for (name, specifications) in overrides.sorted(by: { $0.key < $1.key }) {
      guard let action = ActionTable.action(ActionID(rawValue: name)) else {
        throw KeyMapError(
          action: name,
          description: "keys.\"\(name)\": unknown action; 'deepcritic keys' lists the names of all")
      }
      chosen.append(
        (
          action,
          try specifications.map { text in
            guard let key = Key(text) else {
              throw KeyMapError(
                action: name,
                description:
                  "keys.\"\(name)\": '\(text)' is not a key; write for example \"y\", \"ctrl-r\", \"page-down\"")
            }
            return key
          }
        ))
    }
    for (action, bound) in chosen {
      for place in ActionTable.places(of: action.id) {
        for key in bound {
          if let other = actions[place.screen]?[key], other != action.id { keys[other]?.removeAll { $0 == key } }
          actions[place.screen, default: [:]][key] = action.id
        }
      }
      keys[action.id] = bound
    }
  }

  /// What a key does on a screen.
  public func action(for key: Key, in screen: ScreenID) -> ActionID? {
    actions[screen]?[key] ?? actions[nil]?[key]
  }

  /// The keys of an action, the one to show first.
  public func keys(for action: ActionID) -> [Key] { keys[action] ?? [] }
}
