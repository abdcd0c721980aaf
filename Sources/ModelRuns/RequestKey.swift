import Crypto
import DatasetFormats
import ModelClient

/// The identity of a sample: what was asked, and which of several answers.
///
/// Content-addressed, so that the same question is never paid for twice, whoever asks and wherever it appears.
public enum RequestKey {
  /// For each sample number, 16 bytes of SHA-256 over model, messages, sampling and the number.
  ///
  /// `n`, the endpoint and whether the answer is streamed are no part of it. A sample's own seed is ``Sampling/seed`` plus
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
      hash.update(data: Array("\(sampling.seed.map { String($0 + sample) } ?? "") \(sample)".utf8))
      return Array(hash.finalize().prefix(16))
    }
  }

  /// Lowercase hexadecimal digits, as batch files carry it.
  public static func text(_ key: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Reads ``text(_:)``.
  public static func key(_ text: String) -> [UInt8]? {
    let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == 32 else { return nil }
    var key: [UInt8] = []
    for pair in stride(from: 0, to: 32, by: 2) {
      guard let high = digits[pair], let low = digits[pair + 1] else { return nil }
      key.append(UInt8(high << 4 | low))
    }
    return key
  }
}
