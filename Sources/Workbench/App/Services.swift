import DeepCriticCore
import Foundation

/// Background work beside the screens, whichever is open.
protocol Service: AnyObject {
  /// Takes over what was worked out in the background.
  ///
  /// - Returns: whether the screen may have to change.
  func refresh() -> Bool
  /// Something is running that screens follow.
  var isBusy: Bool { get }
  /// Another process has changed the workspace.
  func workspaceChanged() throws
  /// A decision about a solution was made, undone or redone.
  func decided(about id: Int64, _ outcome: DecisionOutcome) throws
  /// What the header says about it on the screen with a name; `nil` for nothing.
  func headerItem(on screen: ScreenID) -> String?
  /// Something to tell once.
  func takeNews() -> Message?
  /// Waits until all is known that is worked out in the background.
  func settle()
}

extension Service {
  func refresh() -> Bool { false }
  var isBusy: Bool { false }
  func workspaceChanged() throws {}
  func decided(about id: Int64, _ outcome: DecisionOutcome) throws {}
  func headerItem(on screen: ScreenID) -> String? { nil }
  func takeNews() -> Message? { nil }
  func settle() {}
}

/// The parts of a session that screens are given when they are made. A screen keeps those that it needs, and no others.
final class Services {
  let context: ScreenContext
  let queue: SolutionQueue
  let trainingSet: TrainingSetService
  let generation: GenerationService
  let runs: RunsService
  let reviewSettings: ReviewSettings
  /// Bookmarks, and where somebody was.
  let places: PlacesModel
  /// Texts that were begun and not saved.
  let drafts: Drafts
  /// Where the reviewer was last time.
  let lastPlaces: LastPlaces
  /// Where servers and keys are looked for.
  let environment: [String: String]

  init(_ context: ScreenContext, environment: [String: String]) throws {
    let session = context.session
    self.context = context
    self.environment = environment
    reviewSettings = try ReviewSettings(
      workspace: session.workspace.settingsPath, user: SettingsFile.userPath(environment: environment))
    session.reveal = reviewSettings.reveal
    trainingSet = TrainingSetService(session)
    generation = GenerationService(context, environment: environment)
    runs = RunsService(context, environment: environment)
    places = PlacesModel(
      path: StateFile.beside(session.statePath, "places.json"), workspace: session.workspace.path)
    drafts = Drafts(
      folder: StateFile.beside(session.statePath, "drafts"), workspace: session.workspace.path,
      reviewer: session.reviewer)
    lastPlaces = LastPlaces(
      path: StateFile.beside(session.statePath, "last.json"), workspace: session.workspace.path,
      reviewer: session.reviewer)
    queue = try SolutionQueue(session: session, reviewSettings)
    queue.trainingSet = { [trainingSet] in trainingSet.state?.index }
  }

  /// In the order in which they are refreshed and listed in the header.
  var all: [any Service] { [generation, runs, trainingSet, queue] }
}
