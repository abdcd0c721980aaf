import Foundation
import ModelClient
import ReviewStore

extension TrustItem {
  static func keyFile(_ file: String, _ setting: String, url: String) -> TrustItem {
    TrustItem(setting, "\(file) \(url)", "read the key in \(file) and send it to \(url)")
  }
}

extension ServerSettings {
  /// What asking it would do that only the user may allow: a server of this machine that is sent no key of its own does
  /// nothing of the kind.
  var trustItems: [TrustItem] {
    var items: [TrustItem] = []
    if !isOnThisMachine {
      items.append(
        TrustItem("generate.endpoints", url, "send questions, and your API key if there is one, to \(url)"))
    }
    if let keyVariable {
      items.append(
        TrustItem(
          "generate.endpoints.api_key_variable", "\(keyVariable) \(url)", "send the variable \(keyVariable) to \(url)"))
    }
    if let keyFile { items.append(.keyFile(keyFile, "generate.endpoints.api_key_file", url: url)) }
    return items
  }

  private var isOnThisMachine: Bool {
    guard let base = try? Endpoint(url).base, let host = URLComponents(string: base)?.host?.lowercased() else {
      return false
    }
    let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    // Four numbers: a name such as 127.example.com is another machine's.
    let numbers = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return bare == "localhost" || bare == "::1" || (numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil))
  }
}

extension GenerateSettings {
  /// What a workspace's `[generate]` would have the program send and read.
  ///
  /// - Parameter path: its `deepcritic.toml`.
  /// - Throws: `SettingsError`.
  public static func trustItems(path: String) throws -> [TrustItem] {
    let settings = try GenerateSettings(path: path, user: nil)
    var items = settings.servers.flatMap(\.trustItems)
    if let file = settings.keyFile {
      let urls = settings.servers.isEmpty ? [GenerateSettings.defaultURL] : settings.servers.map(\.url)
      items.append(.keyFile(file, "generate.api_key_file", url: urls.joined(separator: ", ")))
    }
    return items
  }
}
