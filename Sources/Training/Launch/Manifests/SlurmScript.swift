/// A batch script of SLURM.
enum SlurmScript {
  static func text(_ spec: RunSpecification, job: String) -> String {
    var lines = [
      "#!/bin/bash", "# Submit from this folder, which all machines must see: sbatch submit.sbatch",
      "# Submitted again it resumes from the last checkpoint.",
    ]
    lines += options(spec, job: job).map { "#SBATCH " + $0 }
    lines += ["set -euo pipefail", "cd \"${SLURM_SUBMIT_DIR:?submit with sbatch}\""]
    // sbatch hands the submitter's environment on: secrets travel there, and in no file.
    lines += spec.secretNames.map { ": \"${\($0):?set it before you submit}\"" }
    lines += ClusterManifests.interpreter(spec)
    if spec.needsRay {
      lines += [
        "# Ray starts on all machines and ends with the command.",
        "head=$(scontrol show hostnames \"$SLURM_JOB_NODELIST\" | head -n 1)",
        "\(srun(spec)) \"$ray\" symmetric-run --address \"$head:6379\" --min-nodes \"$SLURM_NNODES\" -- \\",
        "  \"$python\" scripts/attend.py . next &",
      ]
    } else {
      lines.append("\(srun(spec)) \"$python\" scripts/attend.py . next &")
    }
    lines += ["task=$!", "trap 'kill -TERM \"$task\"; wait \"$task\"' TERM", "wait \"$task\""]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A step does not take the CPUs of its job by itself since SLURM 22.05.
  private static func srun(_ spec: RunSpecification) -> String {
    spec.cpus > 0 ? "srun --cpus-per-task=\(spec.cpus)" : "srun"
  }

  private static func options(_ spec: RunSpecification, job: String) -> [String] {
    var list = [
      "--job-name=\(job)", "--nodes=\(spec.nodes)", "--ntasks-per-node=1",
      "--time=\(spec.timeLimit.filter { $0.isNumber || ":-".contains($0) })", "--output=log.txt",
      "--open-mode=append",
      // The trainer gets the time to write a checkpoint.
      "--signal=B:TERM@300",
    ]
    if spec.gpusPerNode > 0 { list.append("--gpus-per-node=\(spec.gpusPerNode)") }
    if spec.cpus > 0 { list.append("--cpus-per-task=\(spec.cpus)") }
    if spec.memory > 0 { list.append("--mem=\(spec.memory)G") }
    for (name, text) in [("partition", spec.partition), ("account", spec.account)] {
      if !text.isEmpty { list.append("--\(name)=\(text)") }
    }
    return list + spec.extraSbatch.split(separator: " ").map(String.init)
  }
}

/// A length of time as SLURM writes it.
enum SlurmTime {
  /// Seconds of "minutes", "minutes:seconds", "hours:minutes:seconds", "days-hours", "days-hours:minutes" or
  /// "days-hours:minutes:seconds" (sbatch, `--time`); `nil` for anything else.
  static func seconds(_ text: String) -> Int? {
    let halves = text.split(separator: "-", omittingEmptySubsequences: false)
    let parts = (halves.last ?? "").split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = parts.compactMap(\.self)
    guard (1...2).contains(halves.count), numbers.count == parts.count, (1...3).contains(numbers.count),
      numbers.allSatisfy({ (0...1_000_000).contains($0) })
    else { return nil }
    if halves.count == 2 {
      guard let days = Int(halves[0]), (0...10_000).contains(days) else { return nil }
      let rest = numbers + [0, 0]
      return days * 86400 + rest[0] * 3600 + rest[1] * 60 + rest[2]
    }
    switch numbers.count {
    case 1: return numbers[0] * 60
    case 2: return numbers[0] * 60 + numbers[1]
    default: return numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
    }
  }
}
