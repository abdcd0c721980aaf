import Foundation
import Testing

@testable import ReviewStatistics
@testable import ReviewStore

/// The `[review]` table.
@Suite struct SettingsTests {
  private func settings(_ workspace: String, user: String = "") throws -> ReviewSettings {
    let folder = NSTemporaryDirectory() + "deepcritic-review-settings-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try workspace.write(toFile: folder + "/deepcritic.toml", atomically: true, encoding: .utf8)
    try user.write(toFile: folder + "/settings.toml", atomically: true, encoding: .utf8)
    return try ReviewSettings(workspace: folder + "/deepcritic.toml", user: folder + "/settings.toml")
  }

  @Test func theDefaultsSuitEverybody() throws {
    let settings = try settings("")
    #expect(settings == ReviewSettings())
    #expect(settings.idle == 120_000 && settings.dailyGoal == 0 && settings.goldRate == 0)
  }

  @Test func goalsArePersonalAndGoldIsARuleOfTheWorkspace() throws {
    let settings = try settings(
      "[review]\ndaily_goal = 50\nidle_seconds = 60\ngold_rate = 0.1\ngold = \"label:wrong\"\n",
      user: "[review]\ndaily_goal = 20\ngold_rate = 0.0\n")
    #expect(settings.dailyGoal == 20)
    #expect(settings.idleSeconds == 60)
    #expect(settings.goldRate == 0.1)
    #expect(settings.gold == "label:wrong")
  }

  @Test(arguments: [
    ("daily_goal = -1", "'review.daily_goal' must be a whole number from 0 to 1000000"),
    ("idle_seconds = 0", "'review.idle_seconds' must be a whole number from 1 to 86400"),
    ("idle_seconds = 9000000000000000000", "'review.idle_seconds' must be a whole number from 1 to 86400"),
    ("gold_rate = 0.8", "'review.gold_rate' must be a number, from 0 to 0.5"),
    ("gold = \"label:sideways\"", "'review.gold' must be a filter"),
    ("goal = 3", "'review.goal' is unknown"),
  ]) func aWrongSettingIsNamed(line: String, words: String) throws {
    #expect {
      _ = try settings("[review]\n\(line)\n")
    } throws: {
      "\($0)".contains(words) && "\($0)".contains("deepcritic.toml")
    }
  }
}
