import CritiqueGeneration
import ReviewStore
import StepLabeling
import Training

extension WorkspaceTrust {
  /// All that a workspace's settings and runs would have the program run, read or send outside of it.
  ///
  /// - Parameter workspace: its folder.
  /// - Throws: `SettingsError`.
  public static func items(of workspace: String) throws -> [TrustItem] {
    let path = workspace + "/" + Workspace.settingsName
    return try GenerateSettings.trustItems(path: path) + LabelSettings.trustItems(path: path)
      + EngineEnvironments.trustItems(path: path) + RunSpecification.trustItems(path: path)
      + RunCatalog.trustItems(workspace: workspace)
  }
}
