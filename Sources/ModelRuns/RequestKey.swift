import Hashing
import JSON
import ModelClient

/// The identity of a sample: what was asked, and which of several answers.
///
/// Content-addressed, so that the same question is never paid for twice, whoever asks and wherever it appears.
public enum RequestKey {
  /// For each sample number, 16 bytes of SHA-256 over model, messages, sampling and the number.
  ///
  /// `n`, the endpoint and whether the answer is streamed are no part of it. A sample's own seed is `Sampling.seed` plus
  /// its number.
  public static func of(model: String, messages: [ChatMessage], sampling: Sampling, samples: [Int]) -> [[UInt8]] {
    var json = JSONWriter()
    json.array { json in
      json.string(model)
      for message in messages {
        json.string(message.role.rawValue)
        json.string(message.content)
      }
      json.double(sampling.temperature)
      json.double(sampling.topP)
      json.int(sampling.maxTokens)
    }
    var common = SHA256()
    common.update(data: json.bytes)
    return samples.map { sample in
      var hash = common
      hash.update(data: Array("\(sampling.seed.map { String($0 &+ sample) } ?? "") \(sample)".utf8))
      return Array(hash.finalize().prefix(16))
    }
  }
}
