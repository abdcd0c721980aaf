import Foundation
import Testing

@testable import ModelClient

/// Streams put together from bytes.
@Suite struct StreamTests {
  private func assemble(_ pieces: [[UInt8]]) throws -> ChatAnswer {
    var assembler = StreamAssembler()
    for piece in pieces { try assembler.add(piece) }
    return try assembler.answer()
  }

  private static let text = """
    : hello\r
    \r
    event: message\r
    data: {"model": "m", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": null}]}\r
    \r
    id: 7
    data:{"choices": [{"index": 1, "delta": {"content": "zwei – √"}, "finish_reason": null}]}

    data: {"choices": [{"index": 0, "delta": {"content": "one\\n"}, "finish_reason": null}]}

    : keep-alive

    data: {"choices": [{"index": 1, "delta": {"content": "2 \\u00e9"}, "finish_reason": "length"}]}

    data: {"choices": [{"index": 0, "delta": {"reasoning": "hm", "content": null}, "finish_reason": "stop"}]}

    data: {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 9}}

    data: [DONE]


    """

  @Test func aStreamMayBeCutAnywhere() throws {
    let bytes = Array(Self.text.utf8)
    let whole = try assemble([bytes])
    #expect(whole.choices.map(\.text) == ["one\n", "zwei – √2 é"])
    #expect(whole.choices.map(\.finish) == [.stop, .length])
    #expect(whole.choices[0].reasoning == "hm")
    #expect(whole.usage == TokenUsage(prompt: 5, completion: 9))
    #expect(whole.model == "m")
    for cut in 0...bytes.count {
      #expect(try assemble([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole)
    }
    #expect(try assemble(bytes.map { [$0] }) == whole)
  }

  @Test func aStreamWithoutItsLastLineCountsWhenEveryChoiceHasEnded() throws {
    let ended = #"data: {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]}"#
    #expect(try assemble([Array(ended.utf8)]).choices[0].text == "x")
    let open = #"data: {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": null}]}"# + "\n\n"
    #expect(throws: ModelClientError(.cutShort)) { try assemble([Array(open.utf8)]) }
    #expect(throws: ModelClientError(.cutShort)) { try assemble([]) }
  }

  @Test func anErrorInAStreamIsTold() throws {
    let text = #"data: {"error": {"message": "out of memory", "code": 500}}"# + "\n\n"
    #expect(throws: ModelClientError(.refusedInBody("out of memory"))) { try assemble([Array(text.utf8)]) }
  }

  @Test(arguments: [
    (#"{"choices": [{"text": "raw", "finish_reason": "stop"}]}"#, "raw"),
    (#"{"choices": [{"index": 0, "message": {"role": "assistant", "content": null}}]}"#, ""),
    (#"{"choices": [{"message": {}}], "usage": null, "error": null}"#, ""),
  ])
  func answersOfOtherShapesAreRead(body: String, text: String) throws {
    #expect(try ChatAnswer.decode(Array(body.utf8)).choices[0].text == text)
  }

  @Test(arguments: [
    ("", "malformed answer"), ("null", "malformed answer"), ("[]", "malformed answer"), ("{}", "malformed answer"),
    (#"{"choices": 3}"#, "malformed answer"), (#"{"error": "no"}"#, "error in the answer"),
    (#"{"object": "error", "message": "no"}"#, "error in the answer"), (#"{"choices": ["#, "malformed answer"),
  ])
  func whatIsNoAnswerIsRefused(body: String, reason: String) throws {
    do {
      let answer = try ChatAnswer.decode(Array(body.utf8))
      Issue.record("read as \(answer)")
    } catch { #expect(error.reason == reason) }
  }
}
