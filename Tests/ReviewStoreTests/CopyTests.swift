import CritiqueModel
import Foundation
import Testing

@testable import ReviewStore

/// A workspace copied whole.
@Suite struct CopyTests {
  @Test func aCopyHoldsEverythingAndIsIndependent() throws {
    let own = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl", "critiques.merged.jsonl"])
    let key = try own.keys()[0]
    let context = ReviewContext(reviewer: "rt")
    _ = try own.workspace.record(ReviewDecision(solution: key, step: 1, .verdict(.correct)), by: context)
    try "[curate]\n".write(toFile: own.workspace.settingsPath, atomically: true, encoding: .utf8)
    let target = own.path + "/copies/audit"
    let copy = try own.workspace.copy(to: target)
    #expect(try copy.events() == own.workspace.events())
    #expect(try copy.solution(1) == own.workspace.solution(1))
    #expect(try String(contentsOfFile: copy.settingsPath, encoding: .utf8) == "[curate]\n")
    _ = try copy.record(ReviewDecision(solution: key, step: 2, .verdict(.incorrect)), by: context)
    #expect(try own.workspace.events().count == 1)
    #expect(try copy.events().count == 2)
    #expect(try copy.integrityProblems(thorough: true).isEmpty)
    #expect(throws: WorkspaceError.alreadyExists(target)) { try own.workspace.copy(to: target) }
  }

  @Test func whatCannotBeMadeIsSaid() throws {
    let own = try TemporaryWorkspace()
    let file = try own.file("file", "x")
    #expect {
      try own.workspace.copy(to: file + "/below")
    } throws: {
      "\($0)".contains("cannot create a workspace")
    }
  }
}
