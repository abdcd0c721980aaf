import Formatting
import Foundation
import Hashing
import ReviewStore

extension TrainingRun {
  /// Checks that what the run's folder holds may be used: a workspace from elsewhere brings scripts and addresses with it.
  ///
  /// - Throws: `UntrustedError`.
  func requireTrust() throws {
    let workspace = ((folder.path as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
    try WorkspaceTrust.require([folder.trustItem], in: workspace)
  }
}

extension RunManager {
  /// Checks that what starting a run would execute is allowed.
  ///
  /// - Throws: `UntrustedError`.
  public func checkTrust(_ spec: RunSpecification) throws { try environments.checkTrust(spec.engine.environment) }

  /// Checks that what starting a run again would execute is allowed.
  ///
  /// - Throws: `UntrustedError`.
  public func checkTrust(_ run: TrainingRun) throws {
    try run.requireTrust()
    if let spec = run.specification { try checkTrust(spec) }
  }
}

extension RunFolder {
  /// What using the run would do: its files by their content, and the cluster that has it.
  var trustItem: TrustItem {
    let scripts = ((try? FileManager.default.contentsOfDirectory(atPath: path + "/scripts")) ?? []).sorted()
    var hash = SHA256()
    for name in ["launch.json", "fetch.sh", "spec.toml", "overrides.txt"] + scripts.map({ "scripts/" + $0 }) {
      guard let data = PlainFile.data(path + "/" + name) else { continue }
      hash.update(data: Data("\(name) \(data.count)\n".utf8))
      hash.update(data: data)
    }
    let address = JobRecord.read(self)?.address ?? ""
    let cluster = address.isEmpty ? "" : ", and ask the cluster \(address) with your Ray token"
    return TrustItem(
      "runs/\(name)", "\(Hex.string(Array(hash.finalize().prefix(16)))) \(address)",
      "run the scripts of \(name)" + cluster)
  }
}

extension RunCatalog {
  /// What using the runs of a workspace would do.
  public static func trustItems(workspace: String) -> [TrustItem] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: workspace + "/runs")) ?? []).sorted()
    return names.filter { !$0.hasPrefix(".") }.map { RunFolder("\(workspace)/runs/\($0)").trustItem }
  }
}
