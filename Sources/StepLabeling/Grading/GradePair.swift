import Formatting
import ReviewStore

/// A reference and an answer to compare with it.
public struct GradePair: Sendable, Hashable {
  /// The reference.
  public var gold: String
  /// The answer, without box.
  public var answer: String

  /// A pair from its parts.
  public init(gold: String, answer: String) {
    self.gold = gold
    self.answer = answer
  }
}

/// How answers are graded: `[label.grading]` of `deepcritic.toml`.
public struct GradingSettings: Sendable, Hashable {
  /// The Python interpreter that has math-verify; `nil` to look for it (``interpreter(environment:)``).
  public var python: String?
  /// The workspace whose settings name it; `nil` where the user does.
  public var workspace: String?
  /// Worker processes.
  public var workers = 2
  /// What ``workers`` may be.
  public static let workerLimits = 1...256
  /// Seconds that one pair may take.
  public var timeLimit = 10.0
  /// Seconds until a worker must be ready.
  public var startLimit = 60.0

  /// The defaults.
  public init() {}

  /// Environment variable that names the interpreter.
  public static let variable = "DEEPCRITIC_GRADING_PYTHON"

  /// The interpreter: the settings', that of ``variable``, that of the environment which `scripts/test` makes, else
  /// `python3`.
  ///
  /// - Throws: `UntrustedError` where a workspace names it and the user has not allowed that.
  public func interpreter(environment: [String: String]) throws -> String {
    if let python {
      if let workspace { try WorkspaceTrust.require(trustItems, in: workspace) }
      return python
    }
    if let named = environment[Self.variable], !named.isEmpty { return named }
    let home = environment["HOME"] ?? ""
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.cache"
    let own = cache + "/deepcritic/engines/grading/bin/python"
    return GraderProcess.isExecutable(own) ? own : "python3"
  }
}

extension GradingSettings {
  /// What a workspace's settings would have the program run.
  var trustItems: [TrustItem] { python.map { [TrustItem("label.grading.python", $0, "run \($0)")] } ?? [] }
}

/// Why answers cannot be graded, with what to do.
public struct GradingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The sentence.
  public let description: String

  init(_ python: String, _ reason: String) {
    description =
      "cannot grade answers with '\(python)': \(Clause.of(reason)). Run 'deepcritic engines install grading', or name an "
      + "interpreter that has math-verify in \(GradingSettings.variable) or [label.grading] python."
  }
}
