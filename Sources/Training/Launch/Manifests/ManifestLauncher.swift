import DatasetFormats
import Foundation

/// A run whose files are written for a person to submit.
struct ManifestLauncher: Launcher {
  func check(_ spec: RunSpecification) async -> LaunchCheck {
    var check = LaunchCheck(python: spec.python)
    if spec.launcher == .kuberay, spec.image.isEmpty {
      check.problems.append(
        RunSettingError("image", "is empty: a pod needs a container image with \(spec.engine.rawValue) and Ray"))
    }
    check.problems += Self.words(spec)
    if !spec.extraYAML.isEmpty {
      do { _ = try OwnYAML(path: spec.extraYAML) } catch {
        check.problems.append(RunSettingError("extra_yaml", "cannot be used: \(error)"))
      }
    }
    if spec.launcher == .skypilot, spec.bucket.isEmpty {
      check.warnings.append(
        "'bucket' is empty: results stay on the cluster's disk; fetch them with 'deepcritic runs fetch' before 'sky down'"
      )
    }
    for word in spec.extraSbatch.split(separator: " ") where !word.hasPrefix("-") || word.contains("'") {
      check.problems.append(RunSettingError("extra_sbatch", "must be options that begin with '-', not '\(word)'"))
    }
    return check
  }

  /// Settings that are written as one word of a file.
  private static func words(_ spec: RunSpecification) -> [RunSettingError] {
    func isWord(_ text: String, _ more: String) -> Bool {
      text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || more.unicodeScalars.contains(scalar))
      }
    }
    var problems: [RunSettingError] = []
    switch spec.launcher {
    case .slurm:
      for (name, text) in [("partition", spec.partition), ("account", spec.account)] where !isWord(text, "-_,.") {
        problems.append(RunSettingError(name, "must be a name without blanks, not '\(text)'"))
      }
    case .kuberay where !isWord(spec.image, "-_./:@"):
      problems.append(RunSettingError("image", "must be the name of an image, not '\(spec.image)'"))
    case .skypilot:
      if !isWord(spec.image, "-_./:@") {
        problems.append(RunSettingError("image", "must be the name of an image, not '\(spec.image)'"))
      }
      if !isWord(spec.accelerator, "-_") || spec.accelerator.isEmpty {
        problems.append(
          RunSettingError(
            "accelerator",
            "must be a kind of GPU as SkyPilot names it, such as A100-80GB, not '\(spec.accelerator)'; 'gpus' says how many"
          ))
      }
    default: break
    }
    return problems
  }

  func place(_ folder: RunFolder, _ spec: RunSpecification) async throws {
    for (name, text) in try ClusterManifests.files(spec, job: folder.jobName(spec)) {
      var file = try AtomicFileWriter(path: folder.path + "/" + name)
      try file.write(text.utf8)
      try file.commit()
    }
  }

  /// A person does it, as ``TrainingRun/instruction`` says.
  func submit(_ folder: RunFolder, _ spec: RunSpecification) async throws {}

  func resume(_ run: TrainingRun, _ spec: RunSpecification) async throws {
    throw LaunchError(
      "\(run.name) was written for \(run.entry.launcher); submit it there: it resumes from its last checkpoint, if any"
    )
  }

  func stop(_ run: TrainingRun, now: Bool) async throws {
    throw LaunchError("\(run.name) was submitted by hand; stop it where it runs")
  }
}

extension RunFolder {
  /// The name of the run's job on a cluster: no other workspace's run has it. It comes from the name that the folder has
  /// while its files are written, and is only valid then.
  func jobName(_ spec: RunSpecification) -> String {
    let digits = name.filter(\.isHexDigit).suffix(8).lowercased()
    return "deepcritic-\(spec.stage.rawValue)-" + (digits.isEmpty ? "run" : digits)
  }
}
