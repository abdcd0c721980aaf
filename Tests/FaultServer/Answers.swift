import JSON

/// One choice of an answer.
struct Choice: Sendable {
  var text: String
  var finish = "stop"
  /// The text under this key, and `content: null`.
  var reasoningKey: String?
  /// The text as a list of parts.
  var hasParts = false
  /// What is wrong with the numbers beside it.
  var usage: Fault?
  /// In place of its number.
  var index: Int?
}

/// What the server answers: a pure function of the request.
struct Answers: Sendable {
  var configuration: ServerConfiguration

  func choices(for request: ReceivedRequest, fault: Fault?) -> [Choice] {
    if fault == .emptyChoices { return [] }
    var count = min(request.choices, configuration.choicesLimit ?? .max)
    if fault == .fewerChoices { count = 1 }
    return (0..<count).map { place in
      var choice = choice(place, for: request)
      switch fault {
      case .length:
        choice.text = String(choice.text.prefix(choice.text.count / 2))
        choice.finish = "length"
      case .echoKeyInAnswer: choice.text = "The key is \(request.bearer ?? "none"), is it? " + choice.text
      case .think: choice.text = "<think>\nHm, \(request.step) steps.\n</think>\n\n" + choice.text
      case .parts: choice.hasParts = true
      case .noUsage, .nullUsage, .hugeUsage, .negativeUsage, .textUsage: choice.usage = fault
      case .wildIndex: choice.index = place == 0 ? Int.max : -place
      case .reasoning: choice.reasoningKey = "reasoning"
      case .reasoningContent: choice.reasoningKey = "reasoning_content"
      case .huge: choice.text = String(repeating: "0123456789abcdef", count: configuration.hugeBytes / 16) + choice.text
      default: break
      }
      return choice
    }
  }

  private func choice(_ place: Int, for request: ReceivedRequest) -> Choice {
    // With a seed, sample k of one request equals sample 0 of a request whose seed is larger by k.
    let variant = (request.seed ?? 0) + (configuration.variesChoices || request.seed != nil ? place : 0)
    let number = Mixing.mix(request.question ^ Mixing.mix(UInt64(bitPattern: Int64(variant))))
    let stage = request.stage
    if stage == "other", let critic = PlantedCritic(request) {
      return critic.choice(
        number, configuration.manner, sentence: sentence(number), truth: configuration.truth)
    }
    if stage == "other", let answer = answer(to: request, number) { return answer }
    if stage == "other" {
      return Choice(text: "Step 1: \(sentence(number))\n\nStep 2: The answer is \\boxed{\(number % 100)}.")
    }
    let isRight = configuration.truth(
      request.part("<problem>\n", "\n</problem>"), request.part("<step>\n", "\n</step>"))
    let percent = number % 100
    var judgement = isRight ? "1" : "-1"
    let opposite = isRight ? "-1" : "1"
    switch configuration.manner {
    case .right: break
    case .wrong: judgement = opposite
    case .mixed where percent < 70: break
    case .mixed where percent < 92: judgement = opposite
    case .mixed where percent < 96:
      return Choice(text: text(number, stage, request.step) + " I cannot tell whether the step holds.")
    case .mixed where percent < 98: return Choice(text: text(number, stage, request.step), finish: "length")
    case .mixed: return Choice(text: "")
    }
    return Choice(text: text(number, stage, request.step) + "\n\nJudgement: \\boxed{\(judgement)}")
  }

  /// What a solver answers, and what continues a sentence that it was asked to repeat.
  private func answer(to request: ReceivedRequest, _ number: UInt64) -> Choice? {
    let goesOn = !request.isChat || (request.continuesPrefix && configuration.continuation == .honours)
    let ask = "Repeat this sentence and add nothing: "
    if request.prompt.hasPrefix(ask) {
      let sentence = request.prompt.dropFirst(ask.count)
      let begun = request.isChat ? request.prefix : ""
      return Choice(
        text: goesOn && sentence.hasPrefix(begun) ? String(sentence.dropFirst(begun.count)) : "Certainly! The")
    }
    guard let solver = configuration.solver else { return nil }
    let prefix = goesOn ? request.prefix : ""
    let (text, isTruncated) = solver.text(problem: request.prompt, prefix: prefix, number: number)
    return Choice(text: text, finish: isTruncated ? "length" : "stop")
  }

  private func text(_ number: UInt64, _ stage: String, _ step: Int) -> String {
    let heading = stage == "merged" ? "**Critique of Step \(step)**: " : ""
    return heading + "Let me examine this step (\(String(number, radix: 36))). " + sentence(number)
  }

  private static let vocabulary = """
    the step claims that this equation follows from what was shown before and I redo it: both sides are divided by a factor
    which must not be zero so the case needs a check whether $x^2-4=0$ has a root at $\\frac{1}{2}$ or not
    """.split(whereSeparator: \.isWhitespace)

  private func sentence(_ number: UInt64) -> String {
    var state = number
    var text = ""
    for _ in 0..<configuration.words {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      text += Self.vocabulary[Int((state >> 33) % UInt64(Self.vocabulary.count))]
      text += " "
    }
    return text
  }
}

/// The protocol's JSON.
enum AnswerJSON {
  static func answer(
    _ choices: [Choice], to request: ReceivedRequest, _ manner: ContinuationManner = .honours
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      head(&json, request, isChunk: false)
      json.key("choices")
      json.array { json in
        for (index, choice) in choices.enumerated() {
          json.object { json in
            json.key("index")
            json.int(choice.index ?? index)
            if request.isChat {
              json.key("message")
              json.object { json in
                json.key("role")
                json.string("assistant")
                content(&json, choice, choice.text)
              }
            } else {
              json.key("text")
              json.string(choice.text)
            }
            json.key("finish_reason")
            json.string(choice.finish)
          }
        }
      }
      usage(&json, choices, request, manner)
    }
    return json.bytes
  }

  /// The data of a stream's events, each an object.
  static func events(
    _ choices: [Choice], to request: ReceivedRequest, _ manner: ContinuationManner = .honours
  ) -> [[UInt8]] {
    var events: [[UInt8]] = []
    for (index, choice) in choices.enumerated() {
      // A piece ends anywhere in the text, but never within a character.
      let characters = Array(choice.text)
      let size = max(characters.count / 4, 1)
      for start in stride(from: 0, to: max(characters.count, 1), by: size) {
        let end = min(start + size, characters.count)
        events.append(
          chunk(
            request, index, choice, String(characters[min(start, end)..<end]),
            finish: end == characters.count ? choice.finish : nil))
      }
    }
    if request.includesUsage {
      var json = JSONWriter()
      json.object { json in
        head(&json, request, isChunk: true)
        json.key("choices")
        json.array { _ in }
        usage(&json, choices, request, manner)
      }
      events.append(json.bytes)
    }
    return events
  }

  /// `{"error": {…}}`.
  static func error(_ message: String, code: Int) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("error")
      json.object { json in
        json.key("message")
        json.string(message)
        json.key("type")
        json.string(code == 429 ? "rate_limit_error" : code >= 500 ? "server_error" : "invalid_request_error")
        json.key("code")
        json.int(code)
      }
    }
    return json.bytes
  }

  private static func chunk(
    _ request: ReceivedRequest, _ index: Int, _ choice: Choice, _ piece: String, finish: String?
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      head(&json, request, isChunk: true)
      json.key("choices")
      json.array { json in
        json.object { json in
          json.key("index")
          json.int(choice.index ?? index)
          if request.isChat {
            json.key("delta")
            json.object { json in content(&json, choice, piece) }
          } else {
            json.key("text")
            json.string(piece)
          }
          json.key("finish_reason")
          json.string(finish)
        }
      }
    }
    return json.bytes
  }

  private static func content(_ json: inout JSONWriter, _ choice: Choice, _ text: String) {
    json.key("content")
    if choice.hasParts {
      let half = text.index(text.startIndex, offsetBy: text.count / 2)
      return json.array { json in
        for piece in [text[..<half], text[half...]] {
          json.object { json in
            json.key("type")
            json.string("text")
            json.key("text")
            json.string(String(piece))
          }
        }
      }
    }
    guard let key = choice.reasoningKey else { return json.string(text) }
    json.null()
    json.key(key)
    json.string(text)
  }

  private static func head(_ json: inout JSONWriter, _ request: ReceivedRequest, isChunk: Bool) {
    json.key("id")
    json.string("cmpl-" + String(request.body, radix: 16))
    json.key("object")
    json.string(request.isChat ? (isChunk ? "chat.completion.chunk" : "chat.completion") : "text_completion")
    json.key("created")
    json.int(1_700_000_000)
    json.key("model")
    json.string(request.model)
  }

  /// A token for each word, and four for each turn, as chat templates have.
  private static func promptTokens(_ request: ReceivedRequest, _ manner: ContinuationManner) -> Int {
    guard request.continuesPrefix, request.isChat else { return request.prompt.utf8.count / 4 + 1 }
    let words = request.prefix.split(whereSeparator: \.isWhitespace).count
    return request.prompt.utf8.count / 4 + 1 + words + (manner == .honours ? 0 : 4)
  }

  private static func usage(
    _ json: inout JSONWriter, _ choices: [Choice], _ request: ReceivedRequest, _ manner: ContinuationManner
  ) {
    let prompt = promptTokens(request, manner)
    let completion = choices.reduce(0) { $0 + $1.text.utf8.count / 4 + 1 }
    switch choices.first?.usage {
    case .noUsage: return
    case .nullUsage:
      json.key("usage")
      return json.null()
    case .some(let fault):
      json.key("usage")
      return json.object { json in
        for name in ["prompt_tokens", "completion_tokens", "total_tokens"] {
          json.key(name)
          switch fault {
          case .negativeUsage: json.int(Int.min)
          case .textUsage: json.string("12")
          default: json.int(Int.max)
          }
        }
      }
    case nil: break
    }
    json.key("usage")
    json.object { json in
      json.key("prompt_tokens")
      json.int(prompt)
      json.key("completion_tokens")
      json.int(completion)
      json.key("total_tokens")
      json.int(prompt + completion)
    }
  }
}
