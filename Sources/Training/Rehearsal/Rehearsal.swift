import Foundation

/// Outcome of a rehearsal: the written files of a run, run for one step on this machine in a clean place.
public struct Rehearsal: Sendable, Hashable, Codable {
  /// Whether everything that could be rehearsed worked.
  public var hasPassed: Bool
  /// What failed and would fail there.
  public var problems: [String]
  /// What this machine cannot show.
  public var leftOut: [String]
  /// The last lines of what was printed.
  public var log: [String]
  /// Steps that were trained.
  public var steps: Int
  /// How long it took.
  public var seconds: Double
}

extension RunManager {
  /// Runs the files of a prepared run for one step in a clean place: with a home of its own, without this process's
  /// environment, and without the workspace, which is hidden where the system allows it.
  ///
  /// - Parameters:
  ///   - standIn: a small model of this machine that trains instead of the run's own.
  ///   - timeLimit: how long it may take.
  /// - Throws: when the place cannot be made.
  public func rehearse(
    _ prepared: PreparedRun, standIn: String? = nil, timeLimit: Duration = .seconds(600)
  ) async throws -> Rehearsal {
    try environments.checkTrust(prepared.specification.engine.environment)
    let began = ContinuousClock.now
    var sandbox = try RehearsalSandbox(workspace: workspace.path)
    defer { sandbox.remove() }
    let spec = prepared.specification
    if spec.launcher.isManifest { try await ManifestLauncher().place(prepared.folder, spec) }
    var found = Rehearsal(hasPassed: false, problems: [], leftOut: Self.leftOut(spec), log: [], steps: 0, seconds: 0)
    try sandbox.carry(prepared.folder, spec)
    found.problems =
      sandbox.links + (try sandbox.references(besides: standIn == nil ? [] : [spec.model, spec.tokenizer]))
    if found.problems.isEmpty {
      try sandbox.installShims(python: environments.python(spec.engine.environment))
      if let standIn { try sandbox.take(standIn: standIn) }
      if spec.python.contains("/"), access(spec.python, X_OK) != 0 {
        try sandbox.replace(spec.python, with: "python3")
        found.leftOut.append("the interpreter \(spec.python), for which this machine's stood in")
      }
      try RehearsalScript(spec, sandbox).write()
      let code = try await sandbox.run(timeLimit: timeLimit, secrets: Self.given(spec))
      sandbox.conclude(&found, engine: spec.engine, code: code, timeLimit: timeLimit)
    }
    found.hasPassed = found.problems.isEmpty
    let time = (ContinuousClock.now - began).components
    found.seconds = Double(time.seconds) + Double(time.attoseconds) / 1e18
    return found
  }

  /// Secrets that the run gets from where it is submitted or from the cluster, and not by what its files name.
  private static func given(_ spec: RunSpecification) -> [String] {
    spec.launcher == .kuberay || spec.launcher == .skypilot ? [] : spec.secretNames
  }

  private static func leftOut(_ spec: RunSpecification) -> [String] {
    var list: [String] = []
    if spec.gpusPerNode > 0, spec.launcher != .local { list.append("GPUs of the machines there") }
    if spec.nodes > 1 { list.append("\(spec.nodes) machines: one stood for all") }
    if !spec.image.isEmpty, [.kuberay, .skypilot].contains(spec.launcher) { list.append("the image \(spec.image)") }
    if spec.engine == .verl { list.append("verl's training, which needs GPUs: its configuration was composed instead") }
    if !spec.secretNames.isEmpty { list.append("the values of \(spec.secretNames.joined(separator: ", "))") }
    return list
  }
}
