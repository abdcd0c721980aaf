import CritiqueGeneration
import Curation
import Evaluation
import ReviewStatistics
import ReviewStore
import StepLabeling
import Training

extension WorkspaceSchema {
  /// Everything that workspaces hold. A step that has shipped is never changed, and keeps its name and place; another one is
  /// added at the end, with SQL of the modules whose tables it makes. A feature is added to the list of features.
  public static let complete = WorkspaceSchema(
    migrations: [
      Migration("1 records, solutions, critiques", StoreTables.records),
      Migration("2 event log and projections", StoreTables.events),
      Migration("3 generated critiques", StoreTables.generatedCritiques, GenerationTables.answers, needsRebuild: true),
      Migration("4 what undo and redo find", StoreTables.undoStack, needsRebuild: true),
      Migration("5 curation and lineage", StoreTables.decisionsAndSizes, LineageTables.datasets, needsRebuild: true),
      Migration("6 rarer merges of the search index", StoreTables.searchMerges),
      Migration("7 Monte-Carlo labels", LabelTables.rollouts),
      Migration("8 training runs", RunTables.runs),
      Migration("9 evaluations", EvaluationTables.evaluations),
      Migration(
        "10 choices and versions of critiques", StoreTables.critiqueVersions, GenerationTables.sources,
        needsRebuild: true),
      Migration("11 words of critiques", StoreTables.critiqueSearch),
      Migration("12 saved queues and reservations", StoreTables.savedQueues),
      Migration("13 items with a known label", GoldTables.goldItems),
      Migration("14 solutions that are not measured", StoreTables.unmeasuredSolutions),
      Migration("15 labels after every decision, tags, batches", StoreTables.labels, needsRebuild: true),
      Migration("16 labels and critiques of exported rows", LineageTables.rowContents),
      Migration("17 the order of decisions apart from clocks", StoreTables.logicalClock),
    ],
    features: [.critiqueGeneration, .stepLabeling, .curation, .evaluation])
}

extension Workspace {
  /// Makes the folder (if needed), an empty database and a commented settings file.
  ///
  /// - Throws: ``WorkspaceError/alreadyExists(_:)`` when there is one; ``WorkspaceError/cannotCreate(_:reason:)``.
  public static func create(at path: String) throws -> Workspace { try create(at: path, schema: .complete) }

  /// Opens an existing workspace, bringing its tables up to this version.
  ///
  /// - Parameter readOnly: writes nothing, also where that could be done.
  /// - Throws: ``WorkspaceError``.
  public convenience init(at path: String, readOnly: Bool = false) throws {
    try self.init(at: path, schema: .complete, readOnly: readOnly)
    // A settings file that cannot be read is reported by whoever needs it, a full disk when something is decided; the labels stay as
    // they are.
    do { try adoptLabelPolicy() } catch is SettingsError {} catch WorkspaceError.diskFull {}
  }
}

extension QueueFilter {
  /// Reads a filter.
  ///
  /// - Throws: ``WorkspaceError/invalidFilter(_:)`` naming the term that cannot be read.
  public init(_ text: String) throws { try self.init(text, fields: WorkspaceSchema.complete.filterFields) }
}

extension ReviewSettings {
  /// Reads the `[review]` tables; a file or table that is missing sets nothing.
  ///
  /// - Parameters:
  ///   - workspace: path of the workspace's settings file.
  ///   - user: path of the user's own file.
  /// - Throws: `SettingsError` naming the file, the key and what it must be.
  public init(workspace: String?, user: String? = nil) throws {
    try self.init(workspace: workspace, user: user, fields: WorkspaceSchema.complete.filterFields)
  }
}
