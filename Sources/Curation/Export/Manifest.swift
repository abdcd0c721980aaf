import CritiqueGeneration
import CritiqueModel
import Formatting
import Foundation
import Hashing
import JSON
import ReviewStore

/// A file of a dataset.
struct DatasetFile: Sendable, Hashable {
  var name: String
  var rows: Int
  var bytes: Int64
  var sha256: String
}

/// `manifest.json`: what a dataset is made of. One line per row, in the order of the files.
struct Manifest {
  var kind: DatasetKind
  var program: String
  var hash: String
  var files: [DatasetFile]
  var settings: CurationSettings
  var template: PromptTemplate
  var lengthUnit: String
  var tokenizer: TokenCounter?
  var balance: CurationBalance
  var keptOut: [DatasetEvent]
  var rl: RLSelection?

  /// SHA-256 over the lines that `sha256sum` prints for the files, so that anybody can check it with
  /// `sha256sum train.jsonl validation.jsonl | sha256sum`.
  static func contentHash(_ files: [DatasetFile]) -> String {
    let lines = files.map { "\($0.sha256)  \($0.name)\n" }.joined()
    return Hex.string(SHA256.hash(data: Array(lines.utf8)))
  }

  static func settings(_ settings: CurationSettings, _ kind: DatasetKind) -> [UInt8] {
    var all = settings.description
    if case .rl(_, let rules, _) = kind {
      // What only critiques or supervised rows are asked for says nothing here.
      all.removeAll { ["all_correct_limit", "max_characters", "max_tokens"].contains($0.name) }
      all += rules.description
    }
    var json = JSONWriter()
    json.object { json in
      for setting in all {
        json.key(setting.name)
        json.string(setting.value)
      }
    }
    return json.bytes
  }

  /// Everything but the rows; ends where they begin. One member a line.
  var head: [UInt8] {
    var out: [UInt8] = []
    func member(_ key: String, _ write: (inout JSONWriter) -> Void) {
      var json = JSONWriter()
      json.key(key)
      write(&json)
      out += out.isEmpty ? "{".utf8 : ",\n ".utf8
      out += json.bytes
    }
    member("format") { $0.string("deepcritic-dataset") }
    member("version") { $0.int(1) }
    member("kind") { $0.string(kind.name) }
    member("row_format") { $0.string(kind.format) }
    member("program") { $0.string(program) }
    member("content_hash") { $0.string(hash) }
    member("files") { json in
      json.array { json in
        for file in files {
          json.object { json in
            json.key("name")
            json.string(file.name)
            json.key("rows")
            json.int(file.rows)
            json.key("bytes")
            json.int(Int(file.bytes))
            json.key("sha256")
            json.string(file.sha256)
          }
        }
      }
    }
    member("critic_template") { $0.string(Hex.string(template.hash)) }
    member("length_unit") { $0.string(lengthUnit) }
    if let tokenizer { member("tokenizer") { $0.string(Hex.string(tokenizer.hash)) } }
    member("settings") { $0.raw(Self.settings(settings, kind)) }
    if let rl { member("counts") { rl.write(&$0) } } else { member("counts", counts) }
    member("kept_out") { json in
      json.array { json in
        for event in keptOut {
          json.object { json in
            json.key("event")
            json.string(event.event)
            json.key("solution")
            json.string(event.solution)
          }
        }
      }
    }
    out += ",\n \"rows\": [\n".utf8
    return out
  }

  private func counts(_ json: inout JSONWriter) {
    json.object { json in
      for stage in FunnelStage.allCases {
        json.key(stage.word)
        json.int(balance.count(stage))
      }
      json.key("in")
      json.int(balance.included)
      json.key("with_error")
      json.int(balance.withError)
      json.key("without_error")
      json.int(balance.right)
      json.key("corrected_without_error")
      json.int(balance.correctedRight)
      json.key("reasons")
      json.object { json in
        for reason in CurationReason.allCases where balance.count(reason) > 0 {
          json.key(reason.rawValue)
          json.int(balance.count(reason))
        }
      }
    }
  }

  /// One row's line.
  ///
  /// - Parameter keys: the critiques' identities, in the order of `spec.used`.
  static func row(_ spec: RowSpec, split: String, _ material: CurationMaterial, keys: [String]) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("split")
      json.string(split)
      json.key("solution")
      json.string(spec.key)
      json.key("name")
      json.string(spec.name)
      json.key("first_error")
      json.int(spec.answer)
      json.key("labels")
      json.array { json in
        for rating in spec.ratings { json.int(rating.map { Int($0) }) }
      }
      json.key("label_sources")
      json.array { json in
        // One entry stands for all.
        if let sources = spec.sources {
          for source in sources { json.string(source) }
        } else {
          json.string(spec.origin.word)
        }
      }
      json.key("events")
      json.array { json in
        for event in spec.events { json.string(event.event) }
      }
      json.key("critiques")
      json.array { json in
        for (used, key) in zip(spec.used, keys) { critique(used, key, material, &json) }
      }
    }
    return json.bytes
  }

  private static func critique(
    _ used: UsedCritique, _ key: String, _ material: CurationMaterial, _ json: inout JSONWriter
  ) {
    json.object { json in
      json.key("step")
      json.int(used.step)
      json.key("id")
      json.string(key)
      if let origin = material.origins[used.id] {
        json.key("model")
        json.string(origin.model)
        json.key("template")
        json.string(origin.template)
      }
    }
  }
}
