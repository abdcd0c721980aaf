import ArgumentParser
import DeepCriticCore
import Foundation
import Synchronization

/// What `scripts/bench generate` measures of the program's parts.
@main
struct GenerateBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate-bench", abstract: "Measures the client and the planner, for scripts/bench.",
    subcommands: [Ask.self, Plan.self])
}

/// The client alone: this many requests, this many at once.
struct Ask: AsyncParsableCommand {
  @Option(help: "Base address of the server.") var endpoint: String
  @Option(help: "How many requests.") var requests: Int
  @Option(help: "How many at once.") var concurrency = 256
  @Option(help: "JSON file with the messages; {number} in them is replaced by the request's.") var messages: String
  @Flag(help: "Asks for streams.") var stream = false

  func run() async throws {
    let document = try JSONDocument(parsing: Array(try Data(contentsOf: URL(fileURLWithPath: messages))))
    let turns = document.root.elements.map { turn in
      (
        ChatMessage.Role(rawValue: turn["role"]?.string ?? "") ?? .user,
        (turn["content"]?.string ?? "").components(separatedBy: "{number}")
      )
    }
    var configuration = ClientConfiguration()
    configuration.concurrency = .fixed(concurrency)
    configuration.streams = stream
    let client = ModelClient(endpoints: [try Endpoint(endpoint)], configuration: configuration)
    let counter = Counter()
    let total = requests
    let began = ContinuousClock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<concurrency {
        group.addTask {
          while true {
            let number = counter.next()
            if number > total { return }
            let request = ChatRequest(
              model: "m",
              messages: turns.map { ChatMessage(role: $0, content: $1.joined(separator: String(number))) },
              sampling: Sampling(temperature: 0.7, topP: 0.9, maxTokens: 1024))
            let answer = try await client.answer(to: request)
            guard answer.choices.count == 1, answer.choices[0].finish == .stop else { throw ExitCode(2) }
          }
        }
      }
      try await group.waitForAll()
    }
    let time = (ContinuousClock.now - began).components
    await client.shutdown()
    print("{\"seconds\": \(Double(time.seconds) + Double(time.attoseconds) / 1e18)}")
  }
}

/// The planner alone: every page of a stage, with the texts of its prompts.
struct Plan: ParsableCommand {
  @Option(name: .shortAndLong, help: "The workspace.") var workspace: String
  @Option(help: "Samples of each step, each in a request of its own.") var samples = 1

  func run() throws {
    let workspace = try Workspace(at: workspace)
    let began = ContinuousClock.now
    let selection = try workspace.seedSelection(SeedSelectionOptions(keepsDuplicates: true))
    var planner = StagePlanner(
      workspace: workspace, ids: selection.ids, template: try PromptLibrary()[Stage.initial],
      options: StagePlanner.Options(stage: .initial, samples: samples, oneChoicePerRequest: true))
    let size = try planner.size()
    var requests = 0
    var bytes = 0
    while let page = try planner.nextPage() {
      requests += page.count
      for plan in page { for message in plan.messages { bytes += message.content.utf8.count } }
    }
    guard requests == size.requests else { throw ExitCode(2) }
    let time = (ContinuousClock.now - began).components
    print(
      "{\"seconds\": \(Double(time.seconds) + Double(time.attoseconds) / 1e18), \"requests\": \(requests), "
        + "\"bytes\": \(bytes)}")
  }
}

/// 1, 2, 3 … for all who ask.
private final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
