import ArgumentParser
import DatasetFormats
import FaultServer
import Foundation

/// Runs the server of tests and benchmarks as a process of its own.
@main
struct FaultServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault-server",
    abstract: "An OpenAI-compatible server that fails on request.",
    discussion: """
      Prints "listening on http://127.0.0.1:PORT/v1" once it takes requests, and runs until it is killed. GET /stats \
      shows what it has seen. A request whose model is named "fault:NAME" meets that fault. Faults: \
      \(Fault.allCases.map(\.rawValue).joined(separator: ", ")).
      """)

  @Option(help: "Port on 127.0.0.1; 0 for any that is free.")
  var port = 0
  @Option(help: "Milliseconds until each answer.")
  var latencyMs = 0.0
  @Option(help: "Share of requests that meet a fault, from 0 to 1.")
  var faultRate = 0.0
  @Option(help: "Faults to choose from, with commas between; all that asking again overcomes when left out.")
  var faults: String?
  @Option(help: "Seed of the choice.")
  var seed: UInt64 = 1
  @Option(help: "Most choices of one answer, whatever n says.")
  var choicesLimit: Int?
  @Option(help: "Requests at the same time; more are refused with 429.")
  var capacity: Int?
  @Option(help: "Requests worked on at the same time; more wait.")
  var workers: Int?
  @Option(help: "Critiques tell the truth, the opposite, or mostly the truth: right, wrong or mixed.")
  var answers = "right"
  @Option(help: "A dataset whose ratings are the truth; without it a step is wrong when it holds the word WRONG.")
  var labels: [String] = []
  @Flag(help: "All choices of a request without a seed are the same.")
  var sameChoices = false
  @Flag(help: "Solve problems that say #N, with mistakes of known chances (PlantedSolver).")
  var solves = false
  @Option(help: "With --solves: share of texts that are cut off.")
  var truncated = 0.0
  @Option(help: "What becomes of a turn to be continued: honours, ignores, as-user or rejects.")
  var continuation = "honours"
  @Option(help: "Words of a critique.")
  var words = 60
  @Option(help: "Seconds that Retry-After asks to wait.")
  var retryAfter = 1
  @Option(help: "Parameters to refuse, with commas between: n, max_tokens, stream, stream_options, seed.")
  var refuses = ""
  @Option(help: "API key without which every request is refused.")
  var key: String?
  @Option(help: "File that gets one JSON object for each request.")
  var log: String?
  @Option(help: "Threads; 0 for one per core.")
  var threads = 0

  func run() async throws {
    var configuration = ServerConfiguration()
    guard let manner = ServerConfiguration.Manner(rawValue: answers) else {
      throw ValidationError("--answers must be right, wrong or mixed")
    }
    configuration.manner = manner
    if solves {
      var solver = PlantedSolver()
      solver.truncated = truncated
      configuration.solver = solver
    }
    guard let continued = ContinuationManner(rawValue: continuation) else {
      throw ValidationError("--continuation must be honours, ignores, as-user or rejects")
    }
    configuration.continuation = continued
    configuration.latency = latencyMs / 1000
    configuration.choicesLimit = choicesLimit
    configuration.capacity = capacity
    configuration.workers = workers
    configuration.variesChoices = !sameChoices
    configuration.words = words
    configuration.retryAfter = retryAfter
    configuration.key = key
    configuration.refuses = Set(refuses.split(separator: ",").map(String.init))
    configuration.log = log
    configuration.threads = threads
    if faultRate > 0 {
      configuration.faults = .random(rate: faultRate, faults: try chosenFaults(), seed: seed)
    }
    if !labels.isEmpty {
      let wrong = try wrongSteps()
      configuration.truth = { problem, step in !wrong.contains(problem + "\0" + step) }
    }
    let server = try await FaultServer.start(configuration, port: port)
    print("listening on \(server.base)")
    fflush(nil)
    while true { try await Task.sleep(for: .seconds(3600)) }
  }

  private func chosenFaults() throws -> [Fault] {
    guard let faults else { return Fault.passing }
    return try faults.split(separator: ",").map { name in
      guard let fault = Fault(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
        throw ValidationError("there is no fault '\(name)'")
      }
      return fault
    }
  }

  /// Problem and text of every step that is rated −1.
  private func wrongSteps() throws -> Set<String> {
    var wrong: Set<String> = []
    for path in labels {
      let reader = try DatasetReader(path: path)
      while let item = try reader.next() {
        guard case .record(let record) = item else { continue }
        for solution in record.content.solutions {
          for (index, step) in solution.steps.enumerated() where step.rating == .incorrect {
            wrong.insert(solution.problem + "\0" + step.text)
            // Evaluation prompts trim texts and number steps themselves.
            wrong.insert(PlantedCriticText.key(solution.problem, step.text, number: index + 1))
          }
        }
      }
    }
    return wrong
  }
}
