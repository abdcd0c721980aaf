import Formatting
import ModelClient
import ModelRuns
import Testing

@Suite struct RequestKeyTests {
  private let messages = [ChatMessage(role: .system, content: "s"), ChatMessage(role: .user, content: "u")]
  private let sampling = Sampling(temperature: 0.7, topP: 0.9, maxTokens: 10)

  private func key(
    model: String = "m", messages: [ChatMessage]? = nil, sampling: Sampling? = nil, sample: Int = 0
  ) -> [UInt8] {
    RequestKey.of(
      model: model, messages: messages ?? self.messages, sampling: sampling ?? self.sampling, samples: [sample])[0]
  }

  @Test func aKeyTellsApartAllThatWasAsked() {
    var keys: Set<[UInt8]> = [key(), key(model: "n"), key(sample: 1)]
    for change: (inout Sampling) -> Void in [
      { $0.temperature = 0.8 }, { $0.topP = 1 }, { $0.maxTokens = 11 }, { $0.seed = 0 }, { $0.seed = 1 },
    ] {
      var sampling = sampling
      change(&sampling)
      keys.insert(key(sampling: sampling))
    }
    keys.insert(key(messages: [messages[1]]))
    keys.insert(key(messages: [ChatMessage(role: .user, content: "s"), messages[1]]))
    keys.insert(key(messages: [ChatMessage(role: .system, content: "su"), ChatMessage(role: .user, content: "")]))
    #expect(keys.count == 11)
    #expect(keys.allSatisfy { $0.count == 16 })
    #expect(key() == key())
    let many = RequestKey.of(model: "m", messages: messages, sampling: sampling, samples: [0, 1])
    #expect(many == [key(), key(sample: 1)])
  }

  @Test func aKeyIsTheSameInEveryVersion() {
    // Stored in workspaces and batch files: it must never change.
    #expect(Hex.string(key()) == "94b06e3cfc48941f2bc8aedb30ce6438")
    let asked = RequestParameters(
      model: "m", sampling: Sampling(temperature: 0.7, topP: 0.9, maxTokens: 1024, seed: 5), samples: 3)
    let turns = [
      ChatMessage(role: .system, content: "Be brief."), ChatMessage(role: .user, content: "How much is $x$? \"é\""),
    ]
    #expect(Hex.string(asked.keys(turns)[2]) == "a8fa7954f4abc443b2d9a03fe8fd854d")
    var unseeded = asked
    unseeded.sampling.seed = nil
    #expect(Hex.string(unseeded.keys(turns)[0]) == "410c274504947cd48a9841780ad95f4e")
  }

  @Test func keysAreWrittenAndReadAsDigits() {
    #expect(Hex.bytes(Hex.string(key()), count: 16) == key())
    #expect(Hex.string([0, 15, 16, 255] + Array(repeating: 1, count: 12)) == "000f10ff010101010101010101010101")
    for text in [
      "", "00", String(repeating: "g", count: 32), String(repeating: "0", count: 33),
      String(repeating: "+1", count: 16),
    ] {
      #expect(Hex.bytes(text, count: 16) == nil, "\(text)")
    }
  }

  @Test func aRequestCarriesTheSeedOfItsFirstSample() {
    var parameters = RequestParameters(model: "m", sampling: sampling)
    #expect(parameters.request(messages).sampling.seed == nil)
    parameters.sampling.seed = 7
    let request = parameters.request(messages, samples: [3, 4])
    #expect(request.sampling.seed == 10)
    #expect(request.choices == 2)
    #expect(!request.continuesLastMessage)
    // How an answer is sent for is no part of its identity.
    var other = parameters
    other.samples = 9
    other.retryTokens = 100
    other.continuesLastMessage = false
    #expect(other.keys(messages, [3]) == parameters.keys(messages, [3]))
    let begun = messages + [ChatMessage(role: .assistant, content: "Step 1:")]
    #expect(parameters.request(begun).continuesLastMessage)
    #expect(!other.request(begun).continuesLastMessage)
  }
}
