import CritiqueModel
import DatasetFormats
import GRDB

/// The projection of labels: what each step's label is after every decision, kept in the rows of solutions, where lists find
/// it, and step by step in the table `label`.
enum LabelTables {
  static let name = "label"

  /// Whose label comes with the data of a format.
  static func origin(_ format: DatasetFormat?) -> LabelOrigin {
    switch format {
    case .rollout: .rollouts
    case .some(let format) where format.isBenchmark: .gold
    default: .imported
    }
  }

  /// Writes the rows of one solution; the old ones are gone already.
  static func write(_ resolution: LabelResolution, _ key: String, _ db: Database) throws {
    for (index, label) in resolution.labels.enumerated() {
      guard let label, label.origin.isReviewed else { continue }
      try db.cachedStatement(
        sql: """
          INSERT INTO label(solution, step, rating, origin, names, events, at, replaced, replaced_origin)
          VALUES (?,?,?,?,?,?,?,?,?)
          """
      ).execute(arguments: [
        key, index + 1, label.rating.rawValue, label.origin.rawValue, label.names.joined(separator: "\u{1F}"),
        label.events.joined(separator: " "), label.at, label.replaced?.rating.rawValue, label.replaced?.origin.rawValue,
      ])
    }
  }
}

extension LabelOrigin {
  /// How it is written in `solution.origins`, one character per step.
  var sign: Character {
    switch self {
    case .imported: "i"
    case .gold: "g"
    case .rollouts: "m"
    case .reviewer: "r"
    case .adjudication: "a"
    }
  }
}

extension LabelEvidence {
  /// What is said about a solution.
  ///
  /// - Parameters:
  ///   - format: of the record that its labels came with.
  ///   - views: what stands for each reviewer.
  public init(
    imported: [Rating?], format: DatasetFormat?, rollouts: [Rating?] = [], views: [String: ReviewerView]
  ) {
    self.init(imported: imported, importedOrigin: LabelTables.origin(format), rollouts: rollouts)
    if views.isEmpty { return }
    for (name, view) in views {
      for (step, verdict) in view.verdicts {
        verdicts[step, default: []].append(
          Statement(name: name, rating: verdict.rating, event: verdict.event, at: verdict.at))
      }
    }
    for (step, one) in Projection.adjudicated(views) {
      settled[step] = one.rating.map { Statement(name: one.reviewer, rating: $0, event: one.event, at: one.at) }
    }
  }
}

extension Projection {
  /// How labelling of a solution ended after every decision: what was settled about the problem outranks marks, and these
  /// above what came with the data. A label that a person gave here replaces that the labeller gave up.
  public static func finish(
    _ imported: FinishReason?, _ views: [String: ReviewerView], _ resolution: LabelResolution, policy: LabelPolicy
  ) -> FinishReason? {
    let imported = imported == .giveUp && resolution.isReviewed ? nil : imported
    if policy.precedence.contains(.adjudication), let settled = settledProblem(views) {
      if settled.rating == .incorrect { return .badProblem }
      return imported == .badProblem ? nil : imported
    }
    if views.contains(where: { policy.counts($0.key) && $0.value.mark?.mark == .badProblem }) { return .badProblem }
    return imported
  }
}

/// What the row of a solution says about its labels.
struct StoredLabels: Equatable {
  /// ``Signature`` of the labels.
  var ratings: String
  /// 1-based, −1 for none, `nil` when unknown.
  var firstError: Int?
  var finish: String?
  /// The signature that came with the data, where one of the others is not the data's; then `finish` is not either.
  var imported: String?
  var importedFinish: String?
  /// ``LabelOrigin/sign`` of each step, 'c' for a conflict; empty where all came with the data.
  var origins: String

  init(row: Row) {
    ratings = row["ratings"]
    firstError = row["first_error"]
    finish = row["finish_reason"]
    imported = row["imported"]
    importedFinish = row["imported_finish"]
    origins = row["origins"]
  }

  /// What came with the data.
  var importedRatings: [Rating?] { Signature.ratings(imported ?? ratings) }
  /// How the labeller ended.
  var importedFinishReason: FinishReason? {
    (imported == nil ? finish : importedFinish).flatMap(FinishReason.init(rawValue:))
  }

  /// The same row with other labels.
  func with(_ resolution: LabelResolution, finish now: FinishReason?) -> StoredLabels {
    var new = self
    let data = imported ?? ratings
    let dataFinish = imported == nil ? finish : importedFinish
    new.ratings = Signature.of(resolution.ratings)
    new.firstError = resolution.firstError.boxed
    new.finish = now?.rawValue
    let conflict = resolution.conflict?.step
    let signs = resolution.labels.enumerated().map { $1?.origin.sign ?? ($0 + 1 == conflict ? "c" : ".") }
    // Labels of the data are one origin all over; anything else is stored.
    let isData =
      new.ratings == data && new.finish == dataFinish
      && !resolution.labels.contains { $0.map { $0.origin.isReviewed } ?? false }
      && !(resolution.isByRollouts && !Signature.ratings(data).contains { $0 != nil })
    new.imported = isData ? nil : data
    new.importedFinish = isData ? nil : dataFinish
    new.origins = isData ? "" : String(signs)
    return new
  }
}

extension LabelResolution {
  /// Whether any label is an estimate of rollouts.
  var isByRollouts: Bool { labels.contains { $0?.origin == .rollouts } }
}

extension DerivedTables {
  /// The labels of a solution by what stands for each reviewer.
  ///
  /// - Parameter row: the solution's, with its labels and format.
  func resolution(
    of solution: Int64, _ row: Row, _ views: [String: ReviewerView], policy: LabelPolicy, _ db: Database
  ) throws -> LabelResolution {
    let imported = StoredLabels(row: row).importedRatings
    let rollouts =
      imported.contains { $0 != nil }
      ? [] : try features.lazy.compactMap { try $0.rolloutLabels?(solution, imported.count, db) }.first ?? []
    let evidence = LabelEvidence(
      imported: imported, format: DatasetFormat(rawValue: row["format"]), rollouts: rollouts, views: views)
    return LabelResolution(evidence, policy: policy)
  }

  /// What the row of a solution should say.
  private func labels(
    _ row: Row, _ views: [String: ReviewerView], _ db: Database
  ) throws -> (resolution: LabelResolution, stored: StoredLabels, new: StoredLabels) {
    let stored = StoredLabels(row: row)
    let policy = try LabelPolicy.stored(db)
    let resolution = try resolution(of: row["id"], row, views, policy: policy, db)
    let finish = Projection.finish(stored.importedFinishReason, views, resolution, policy: policy)
    return (resolution, stored, stored.with(resolution, finish: finish))
  }

  /// Whether the row of a solution says something else than its events.
  func areLabelsStale(_ key: String, _ db: Database) throws -> Bool {
    guard let row = try solutionRow(key, db) else { return false }
    let labels = try labels(row, Projection.views(of: Workspace.fetchEvents(db, of: key)), db)
    return labels.stored != labels.new
  }

  /// What projections need of a solution.
  func solutionRow(_ key: String, _ db: Database) throws -> Row? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT id, steps, format, ratings, first_error, finish_reason, imported, imported_finish, origins
          FROM solution WHERE key = ?
          """), arguments: [key])
  }

  /// Brings the labels of a solution up to date.
  ///
  /// - Returns: the labels, and whether its row changed.
  func projectLabels(
    _ key: String, _ row: Row, _ views: [String: ReviewerView], _ db: Database
  ) throws -> (labels: LabelResolution, changed: Bool) {
    let (resolution, stored, new) = try labels(row, views, db)
    try LabelTables.write(resolution, key, db)
    guard new != stored else { return (resolution, false) }
    try db.cachedStatement(
      sql: """
        UPDATE solution SET ratings = ?, first_error = ?, finish_reason = ?, imported = ?, imported_finish = ?, origins = ?
        WHERE id = ?
        """
    ).execute(arguments: [
      new.ratings, new.firstError, new.finish, new.imported, new.importedFinish, new.origins, row["id"] as Int64,
    ])
    return (resolution, true)
  }

  /// Brings the labels of solutions up to date whose estimates have changed.
  package func labelsChanged(_ solutions: some Sequence<Int64>, _ db: Database) throws {
    for id in solutions {
      guard
        let key = try String.fetchOne(
          db.cachedStatement(sql: "SELECT key FROM solution WHERE id = ?"), arguments: [id])
      else { continue }
      try project(key, db)
    }
  }
}

extension LabelPolicy {
  /// Reads what the `[curate]` table of a settings file says; a missing file, table or key gives the default.
  ///
  /// - Throws: `SettingsError` naming the file, the key and what it must be.
  public init(path: String) throws {
    self.init()
    guard let table = try SettingsTable("curate", of: path) else { return }
    if let names = try table.texts("precedence") {
      precedence = try names.map { name in
        guard let tier = LabelTier(name: name) else {
          let known = LabelTier.allCases.map(\.rawValue).joined(separator: ", ")
          throw table.problem("precedence", "may name \(known), not \"\(name)\"")
        }
        return tier
      }
      guard Set(precedence).count == precedence.count, !precedence.isEmpty else {
        throw table.problem("precedence", "must name each source at most once, and at least one")
      }
    }
    reviewers = try table.texts("reviewers") ?? reviewers
  }

  /// The policy by which the workspace's labels are kept.
  static func stored(_ db: Database) throws -> LabelPolicy {
    guard
      let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT precedence, reviewers FROM label_policy"))
    else { return LabelPolicy() }
    let names = (row["reviewers"] as String).split(separator: "\u{1F}").map(String.init)
    return LabelPolicy(
      precedence: (row["precedence"] as String).split(separator: " ").compactMap { LabelTier(name: String($0)) },
      reviewers: names)
  }

  func store(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM label_policy")
    try db.execute(
      sql: "INSERT INTO label_policy(precedence, reviewers) VALUES (?,?)",
      arguments: [precedence.map(\.rawValue).joined(separator: " "), reviewers.joined(separator: "\u{1F}")])
  }
}

extension Workspace {
  /// SQL for the first error of the solution `s` by the labels that came with the data: −1 for none, 0 when unknown.
  package static let importedError = """
    (SELECT iif(instr(l, '-'), instr(l, '-'), iif(l = '' OR instr(l, '.'), 0, -1))
     FROM (SELECT coalesce(s.imported, s.ratings) AS l))
    """

  /// The policy by which labels are kept: that of the settings file when the workspace could last be written to.
  public func labelPolicy() throws -> LabelPolicy { try database.read(LabelPolicy.stored) }

  /// Takes over the policy of the settings file, and recomputes all labels if it differs.
  ///
  /// - Throws: `SettingsError` when the file cannot be read; the labels stay as they are.
  public func adoptLabelPolicy() throws {
    let policy = try LabelPolicy(path: settingsPath)
    guard !isReadOnly, try labelPolicy() != policy else { return }
    try write { db in
      guard try LabelPolicy.stored(db) != policy else { return }
      try policy.store(db)
      try derived.rebuildProjections(db)
    }
  }
}
