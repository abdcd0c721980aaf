import Terminal
import Testing

@testable import Workbench

/// The action table's default keys.
@Suite struct KeyTableTests {
  @Test func noKeyMeansTwoThingsInOnePlace() throws {
    for place in ActionTable.places {
      var owners: [Key: ActionID] = [:]
      for action in place.actions {
        for name in action.keys {
          let key = try #require(Key(name), "'\(name)' of \(action.id) is no key")
          #expect(
            owners[key] == nil, "\(name) is both \(owners[key]?.rawValue ?? "") and \(action.id) \(place.heading)")
          owners[key] = action.id
        }
      }
    }
  }

  @Test func everyActionHasAKeyAndANameOfItsOwn() {
    #expect(Set(ActionTable.all.map(\.id)).count == ActionTable.all.count)
    for action in ActionTable.all { #expect(!action.keys.isEmpty, "\(action.id) has no key") }
  }
}
