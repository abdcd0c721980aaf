import Formatting
import Foundation
import Yams

/// The same command, environment and files in the shapes that clusters take.
///
/// Each shape carries real files, starts the interpreter and the `ray` beside it, names secrets without their values, and
/// brings results back.
enum ClusterManifests {
  /// The files that a launcher adds to the run's folder.
  ///
  /// - Parameter job: the job's name, which is unique.
  /// - Throws: a sentence about the person's own YAML file.
  static func files(_ spec: RunSpecification, job: String) throws -> [String: String] {
    let own = try spec.extraYAML.isEmpty ? nil : OwnYAML(path: spec.extraYAML)
    return switch spec.launcher {
    case .local, .ray: [:]
    case .slurm: ["submit.sbatch": SlurmScript.text(spec, job: job)]
    case .kuberay: try KubeRayFiles.files(spec, job: job, own: own)
    case .skypilot: try SkyPilotFiles.files(spec, job: job, own: own)
    }
  }

  /// What a person does with the files.
  static func instruction(_ launcher: LauncherKind, folder: String) -> String? {
    switch launcher {
    case .local, .ray: nil
    case .slurm: "cd \(quoted(folder)) && sbatch submit.sbatch"
    case .kuberay, .skypilot: "cd \(quoted(folder)) && bash submit.sh"
    }
  }

  /// Lines of a shell that find the interpreter, and the `ray` beside it: another one that comes first in PATH has other
  /// packages.
  static func interpreter(_ spec: RunSpecification) -> [String] {
    var lines = spec.setup.isEmpty ? [] : [spec.setup]
    lines += [
      "python=$(command -v \(quoted(spec.python))) || { echo \(quoted("there is no \(spec.python) here")) >&2; exit 2; }"
    ]
    if spec.needsRay {
      lines += [
        "ray=$(dirname \"$python\")/ray",
        "[ -x \"$ray\" ] || { echo \"$ray is missing: Ray must be installed beside $python\" >&2; exit 2; }",
      ]
    }
    return lines
  }

  /// The files of a run that are results, as a shell's words.
  static let results = "feed.jsonl log.txt checkpoints model adapter rollouts"

  /// A text within single quotes of a shell; as it is where none are needed.
  static func quoted(_ text: String) -> String { ShellWords.quoted(text) }

  /// A document with a person's own lines merged into it.
  static func yaml(_ document: some Encodable, comment: [String], own: OwnYAML?, pods: [[String]] = []) throws -> String
  {
    let encoder = YAMLEncoder()
    encoder.options.width = -1
    encoder.options.newLineScalarStyle = .literal
    var text = try encoder.encode(document)
    if let own { text = try own.merged(into: text, pods: pods) }
    return comment.map { "# \($0)\n" }.joined() + text
  }
}

/// A person's own YAML, which is merged into a written file: maps by key, everything else is replaced.
struct OwnYAML {
  private let node: Node

  /// - Throws: ``LaunchError`` with the reason.
  init(path: String) throws(LaunchError) {
    let path = HomePath.expanded(path)
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw LaunchError("\(path) cannot be read")
    }
    do {
      guard let node = try Yams.compose(yaml: text), node.mapping != nil else {
        throw LaunchError("\(path) is not a YAML map")
      }
      self.node = node
    } catch let error as LaunchError { throw error } catch {
      throw LaunchError("\(path) is not valid YAML: \(error)")
    }
  }

  /// - Parameter pods: where pods are in the document; the key `pod` is merged into each.
  func merged(into text: String, pods: [[String]]) throws -> String {
    guard var document = try Yams.compose(yaml: text), var own = node.mapping else { return text }
    let pod = own["pod"]
    own["pod"] = nil
    document = Self.merge(document, .mapping(own))
    if let pod {
      for path in pods { document = Self.merge(document, pod, at: path[...]) }
    }
    return try Yams.serialize(node: document, width: -1)
  }

  private static func merge(_ base: Node, _ own: Node) -> Node {
    guard var map = base.mapping, let other = own.mapping else { return own }
    for (key, value) in other { map[key] = map[key].map { merge($0, value) } ?? value }
    return .mapping(map)
  }

  private static func merge(_ base: Node, _ own: Node, at path: ArraySlice<String>) -> Node {
    guard let key = path.first else { return merge(base, own) }
    if var list = base.sequence, let index = Int(key), list.indices.contains(index) {
      list[index] = merge(list[index], own, at: path.dropFirst())
      return .sequence(list)
    }
    guard var map = base.mapping, let inner = map[key] else { return base }
    map[key] = merge(inner, own, at: path.dropFirst())
    return .mapping(map)
  }
}

extension PreparedRun {
  /// The files that its launcher adds, with their texts.
  public var scripts: [String: String] {
    // Placing the run names what is wrong; its settings were checked before.
    (try? ClusterManifests.files(specification, job: folder.jobName(specification))) ?? [:]
  }
}

extension TrainingRun {
  /// What a person does to start a run whose files were only written.
  public var instruction: String? {
    ClusterManifests.instruction(LauncherKind(rawValue: entry.launcher) ?? .local, folder: folder.path)
  }
}
