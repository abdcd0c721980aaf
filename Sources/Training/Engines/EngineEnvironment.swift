import Formatting
import Foundation
import Processes
import ReviewStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A Python environment that the program calls, but is no part of it: engines cannot share one.
public enum EngineName: String, Sendable, Hashable, Codable, CaseIterable {
  /// Training on one machine, and a server for what was trained.
  case trl
  /// Training on a cluster.
  case verl
  /// A Ray head for this machine; clusters bring theirs.
  case ray
  /// A fast server for a GPU.
  case serve
  /// Telling whether two answers are the same.
  case grading

  /// The module whose version says which engine it is.
  public var module: String {
    switch self {
    case .trl: "trl"
    case .verl: "verl"
    case .ray: "ray"
    case .serve: "vllm"
    case .grading: "math-verify"
    }
  }

  /// What it is for, in a few words.
  public var purpose: String {
    switch self {
    case .trl: "training on one machine, and serving what was trained"
    case .verl: "training on a cluster of GPUs"
    case .ray: "a Ray cluster of this machine alone"
    case .serve: "serving critics on a GPU"
    case .grading: "comparing final answers"
    }
  }

  /// What pip installs, with the tested versions.
  public var requirements: [String] { Self.table[self] ?? [] }

  /// The tested version of ``module``.
  public var version: String {
    requirements.first { $0.hasPrefix(module + "==") || $0.hasPrefix(module + "[") }
      .flatMap { $0.components(separatedBy: "==").last } ?? ""
  }

  private static let table: [EngineName: [String]] = {
    var table: [EngineName: [String]] = [:]
    for line in String(decoding: PackageResources.engines_txt, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if let name = words.first.flatMap(EngineName.init), words.count > 2 { table[name] = Array(words.dropFirst(2)) }
    }
    return table
  }()
}

extension TrainingEngine {
  /// The environment that it runs in.
  var environment: EngineName { self == .trl ? .trl : .verl }
}

/// Where engines' environments are, and which interpreter each has.
public struct EngineEnvironments: Sendable {
  /// The folder of the environments that the program makes.
  public let folder: String
  let environment: [String: String]
  private let named: [EngineName: String]
  /// Interpreters that a workspace names and the user has not allowed.
  private let withheld: [EngineName: UntrustedError]

  /// - Parameters:
  ///   - path: that of a `deepcritic.toml`, whose `[train.python]` may name interpreters by engine. Those of the user's
  ///     own settings win; those that the user has not allowed this workspace are not used.
  ///   - environment: the process's.
  /// - Throws: `SettingsError`.
  public init(settings path: String? = nil, environment: [String: String]) throws {
    self.environment = environment
    let home = environment["HOME"] ?? ""
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.cache"
    folder = cache + "/deepcritic/engines"
    var named: [EngineName: String] = [:]
    var withheld: [EngineName: UntrustedError] = [:]
    let own = try SettingsFile.userPath(environment: environment).map(Self.pythons) ?? [:]
    if let path {
      let workspace = (path as NSString).deletingLastPathComponent
      for (engine, python) in try Self.pythons(path) where own[engine] == nil {
        do {
          try WorkspaceTrust.require([Self.trustItem(engine, python)], in: workspace)
          named[engine] = python
        } catch let error as UntrustedError { withheld[engine] = error }
      }
    }
    self.named = named.merging(own) { $1 }
    self.withheld = withheld
  }

  /// The interpreters that a settings file names.
  private static func pythons(_ path: String) throws -> [EngineName: String] {
    guard let table = try SettingsTable("train", of: path)?.table("python") else { return [:] }
    try table.refuse(allBut: EngineName.allCases.map(\.rawValue))
    var pythons: [EngineName: String] = [:]
    for engine in EngineName.allCases { pythons[engine] = try table.text(engine.rawValue) }
    return pythons
  }

  private static func trustItem(_ engine: EngineName, _ python: String) -> TrustItem {
    TrustItem("train.python.\(engine.rawValue)", python, "run \(python)")
  }

  /// What a workspace's `[train.python]` would have the program run.
  ///
  /// - Parameter path: its `deepcritic.toml`.
  /// - Throws: `SettingsError`.
  public static func trustItems(path: String) throws -> [TrustItem] {
    try pythons(path).map { trustItem($0.key, $0.value) }.sorted { $0.setting < $1.setting }
  }

  /// Checks that an engine's interpreter is not one that a workspace names and the user has not allowed.
  ///
  /// - Throws: `UntrustedError`.
  public func checkTrust(_ engine: EngineName) throws {
    if let error = withheld[engine] { throw error }
  }

  /// The variable that names an engine's interpreter.
  public static func variable(_ engine: EngineName) -> String {
    "DEEPCRITIC_\(engine.rawValue.uppercased())_PYTHON"
  }

  /// The folder of an engine's own environment.
  public func folder(_ engine: EngineName) -> String { folder + "/" + engine.rawValue }

  /// The interpreter: that of the settings, that of the variable, else that of the environment which the program makes.
  public func python(_ engine: EngineName) -> String {
    if let own = named[engine] { return HomePath.expanded(own) }
    if let own = environment[Self.variable(engine)], !own.isEmpty { return own }
    return folder(engine) + "/bin/python"
  }

  /// Whether a person named the interpreter.
  public func isNamed(_ engine: EngineName) -> Bool { python(engine) != folder(engine) + "/bin/python" }

  /// Where a program of an engine's environment is.
  public func program(_ name: String, of engine: EngineName) -> String {
    (python(engine) as NSString).deletingLastPathComponent + "/" + name
  }

  // MARK: - Looking

  /// State of an engine's environment.
  public struct Finding: Sendable, Hashable, Codable {
    /// The engine.
    public var engine: EngineName
    /// Its interpreter.
    public var python: String
    /// The version that is installed; `nil` when it is missing.
    public var version: String?
    /// The version that was tested.
    public var tested: String
    /// What is wrong, with the remedy; `nil` when it can be used.
    public var problem: String?
    /// What deserves a look although it can be used.
    public var warning: String?
  }

  /// Looks at an engine by asking its interpreter for the version of its module.
  public func look(_ engine: EngineName) async -> Finding {
    let python = python(engine)
    var finding = Finding(engine: engine, python: python, tested: engine.version)
    if let untrusted = withheld[engine] {
      finding.problem = untrusted.description
      return finding
    }
    let install = "install it with 'deepcritic engines install \(engine.rawValue)'"
    guard access(python, X_OK) == 0 || !python.contains("/") else {
      finding.problem =
        isNamed(engine)
        ? "there is no program \(python), which the settings name" : "it is not installed; \(install)"
      return finding
    }
    let program = """
      import importlib.metadata, sys
      try: print(importlib.metadata.version(sys.argv[1]))
      except importlib.metadata.PackageNotFoundError: print("-")
      """
    let answer = await ToolRun.run([python, "-c", program, engine.module], timeLimit: .seconds(60))
    guard answer.code == 0, let word = answer.output.split(separator: "\n").last.map(String.init) else {
      finding.problem = "its Python does not run (\(answer.lastLine)); \(install)"
      return finding
    }
    guard word != "-" else {
      finding.problem = "\(python) has no \(engine.module); \(install)"
      return finding
    }
    finding.version = word
    if word.split(separator: "+").first.map(String.init) != engine.version {
      let words = "version \(word) is not the tested \(engine.version)"
      // Names of settings change from one version to the next; what is only called for answers may differ.
      if engine == .trl || engine == .verl, Self.series(word) != Self.series(engine.version) {
        finding.problem = words + "; \(install)"
      } else {
        finding.warning = words
      }
    }
    return finding
  }

  /// Looks at several engines.
  public func look(at engines: [EngineName]) async -> [Finding] {
    var findings: [Finding] = []
    for engine in engines { findings.append(await look(engine)) }
    return findings
  }

  /// The part of a version that names settings keep to.
  private static func series(_ version: String) -> String {
    version.split(separator: ".").prefix(version.hasPrefix("0.") ? 2 : 1).joined(separator: ".")
  }

  // MARK: - Making

  /// The commands that make an engine's environment, in their order, and the file that says that it is complete.
  public func installation(_ engine: EngineName, python: String = "python3") -> (commands: [[String]], mark: String) {
    let folder = folder(engine)
    return (
      [
        [python, "-m", "venv", folder],
        [folder + "/bin/pip", "install", "--disable-pip-version-check"] + engine.requirements,
      ], folder + "/requirements.txt"
    )
  }

  /// Whether an engine's environment is complete and has the tested versions.
  public func isComplete(_ engine: EngineName) -> Bool {
    let mark = try? String(contentsOfFile: folder(engine) + "/requirements.txt", encoding: .utf8)
    return mark?.trimmingCharacters(in: .whitespacesAndNewlines) == engine.requirements.joined(separator: " ")
  }

  /// Writes that an engine's environment is complete. Called last: an installation that was interrupted is done again.
  public func markComplete(_ engine: EngineName) throws {
    try Data((engine.requirements.joined(separator: " ") + "\n").utf8)
      .write(to: URL(fileURLWithPath: folder(engine) + "/requirements.txt"), options: .atomic)
  }
}
