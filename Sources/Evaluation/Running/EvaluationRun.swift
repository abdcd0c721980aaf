import CritiqueGeneration
import CritiqueModel
import ModelClient
import ModelRuns
import ReviewStore

/// A run that asks a critic about the rows of benchmarks.
public final class EvaluationRun: ModelRun {
  /// Asks.
  public let runner: RequestRunner
  private let job: QuestionJob<RowPlanner>
  private let window: Int?

  /// A run that has not begun.
  ///
  /// - Parameters:
  ///   - evaluation: its rows in scope (`Workspace.want`) are asked about.
  ///   - window: maximum number of requests under way in this process; `nil`: four times what the servers take.
  public init(
    workspace: Workspace, client: ModelClient, evaluation: Int64, parameters: RequestParameters,
    template: PromptTemplate, extractor: AnswerExtractor, window: Int? = nil
  ) {
    self.window = window
    runner = RequestRunner(client: client)
    job = QuestionJob(
      workspace: workspace, evaluation: evaluation, parameters: parameters,
      planner: RowPlanner(
        workspace: workspace, evaluation: evaluation, template: template, isSeeded: parameters.isSeeded),
      reading: { extractor.read($0, isTruncated: $1) })
  }

  /// Asks until nothing is missing, or until ``stop()``.
  ///
  /// - Throws: what `RequestRunner.run` throws; `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> RequestProgress {
    try await runner.run { [self] in
      let open = try await runner.readStore { [job] in try job.workspace.openCount(job.evaluation) }
      try await runner.ask(
        job, for: "evaluation",
        planned: PlanSize(
          solutions: open.rows, requests: job.parameters.isSeeded ? open.samples : open.rows, samples: open.samples),
        window: window)
    }
    return progress()
  }
}

/// Finds the rows of an evaluation that lack answers.
private struct RowPlanner: RequestPlanner {
  let workspace: Workspace
  let evaluation: Int64
  let template: PromptTemplate
  let isSeeded: Bool
  /// The last row that was planned.
  var last: EvaluationTarget?

  private static let pageSize = 200

  mutating func nextPage() throws -> [PlannedRequest<EvaluationTarget>]? {
    let open = try workspace.openSamples(evaluation, after: last, limit: Self.pageSize)
    guard let end = open.last else { return nil }
    last = end.target
    let material = try workspace.seedMaterial(Array(Set(open.map(\.solution))).sorted(), before: .initial)
    let solutions = Dictionary(uniqueKeysWithValues: material.map { ($0.id, $0.solution) })
    return try open.flatMap { row in
      guard let solution = solutions[row.solution] else { throw WorkspaceError.noSuchSolution(String(row.solution)) }
      let messages = CritiqueRequest.whole(template, solution)
      return PlannedRequest(targets: [row.target], messages: messages, samples: row.samples)
        .split(isSeeded)
    }
  }
}
