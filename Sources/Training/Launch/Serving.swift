import Formatting
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The server of a model.
public enum ServeChoice: String, Sendable, Hashable, Codable, CaseIterable {
  /// vLLM where it is installed and there is a GPU, else transformers.
  case auto
  /// vLLM.
  case vllm
  /// `transformers serve`.
  case transformers
}

/// A server on a trained model: what to run, and how it is asked.
public struct Serving: Sendable, Hashable, Codable {
  /// The command.
  public var command: [String]
  /// Variables that it needs.
  public var environment: [String: String]
  /// The base address of its OpenAI-compatible interface.
  public var endpoint: String
  /// The model's name in requests.
  public var model: String
  /// What is asked until it answers.
  public var health: String
}

extension RunManager {
  /// Plans a server on a run's model.
  ///
  /// - Parameters:
  ///   - step: of a checkpoint; `nil` for the trained model, else the last checkpoint.
  ///   - port: 0 for any that is free.
  /// - Throws: ``LaunchError`` when there is nothing to serve, or nobody who could.
  public func serving(_ run: TrainingRun, step: Int?, port: Int, by choice: ServeChoice) async throws -> Serving {
    try run.requireTrust()
    if choice != .vllm { try environments.checkTrust(.trl) }
    if choice != .transformers { try environments.checkTrust(.serve) }
    guard let found = run.folder.servable(step: step) else {
      let merge = run.folder.checkpointList().last { $0.needsMerge && (step == nil || $0.step == step) }
      if let merge, let stage = TrainingStage(rawValue: run.entry.stage) {
        let command = run.folder.mergeCommand(merge, python: environments.python(.verl), stage: stage)
        throw LaunchError(
          "\(run.name) has checkpoints in verl's own shape; make one readable first: "
            + ShellWords.command(command))
      }
      throw LaunchError(
        step.map { "\(run.name) has no complete checkpoint of step \($0)" } ?? "\(run.name) has neither a model "
          + "nor a checkpoint yet")
    }
    let port = port == 0 ? try Self.freePort() : port
    let hasVLLM = access(environments.program("vllm", of: .serve), X_OK) == 0
    let hasGPU = FileManager.default.fileExists(atPath: "/dev/nvidia0")
    let base = "http://127.0.0.1:\(port)"
    if choice == .vllm || (choice == .auto && hasVLLM && hasGPU) {
      guard hasVLLM else { throw LaunchError("vLLM is not installed; 'deepcritic engines install serve' does that") }
      return Serving(
        command: [
          environments.program("vllm", of: .serve), "serve", found.path, "--host", "127.0.0.1", "--port", String(port),
          "--served-model-name", run.name,
        ], environment: ["VLLM_NO_USAGE_STATS": "1"], endpoint: base + "/v1", model: run.name, health: base + "/health")
    }
    let finding = await environments.look(.trl)
    if let problem = finding.problem { throw LaunchError("\(run.name) cannot be served: trl: \(problem)") }
    return Serving(
      command: [
        finding.python, run.folder.path + "/scripts/serve_model.py", found.path, "127.0.0.1", String(port),
        hasGPU ? "cuda" : "cpu",
      ],
      environment: ["HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONUNBUFFERED": "1"],
      endpoint: base + "/v1", model: found.path, health: base + "/health")
  }

  /// A port that nobody listens on.
  private static func freePort() throws -> Int {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw LaunchError("no network interface to serve on") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, size) == 0 && getsockname(descriptor, pointer, &size) == 0
      }
    }
    guard bound else { throw LaunchError("no port is free to serve on") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
