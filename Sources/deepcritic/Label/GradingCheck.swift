import DeepCriticCore
import Foundation

/// Whether answers can be graded.
enum GradingCheck {
  static func all(_ workspace: WorkspaceOption) async -> [Check] {
    var settings = GradingSettings()
    if let opened = try? workspace.open(), let own = try? LabelSettings(path: opened.settingsPath).grading {
      settings = own
    }
    let python: String
    do { python = try settings.interpreter(environment: ProcessInfo.processInfo.environment) } catch {
      return [.warning("grading", "not looked at: its interpreter is not allowed", TrustCheck.remedy)]
    }
    let pool = GradingPool(settings, python: python)
    defer { pool.shutdown() }
    do {
      return [.ok("grading", "\(try await pool.grader()), by \(python)")]
    } catch {
      return [
        .warning(
          "grading", Program.sentence(of: error),
          "Only 'deepcritic label' and 'deepcritic grade' need it.")
      ]
    }
  }
}
