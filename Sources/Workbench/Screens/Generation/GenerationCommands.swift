import DeepCriticCore
import Terminal

extension GenerationScreen {
  static let commands = CommandSet<GenerationScreen>(rowCommands + ownCommands)

  private static let ownCommands: [Command<GenerationScreen>] = [
    Command(
      .generationStart, "start", "Generate what the selected stage lacks (asks for confirmation)",
      keys: ["ctrl-s"],
      hint: 1, reachesOut: true, writes: true, unless: { $0.startReason }
    ) { try $0.start() },
    Command(
      .generationStop, "stop", "Stop sending requests; press again to drop those in flight", keys: ["ctrl-x"], hint: 3,
      unless: { $0.snapshot.isRunning ? nil : "Nothing is running." }
    ) { $0.stop() },
    Command(
      "generation.solutions", "solutions", "Show the selected row's solutions in the queue",
      keys: ["enter", "l"], hint: 4, unless: { $0.solutionsReason }
    ) { try $0.showSolutions() },
    Command(
      asking: .generationModel, "model", "Name the model for this session", keys: ["M"], hint: 5,
      asks: "Model (empty: the settings')", unless: { $0.runReason },
      text: { $0.generation.overrides.model ?? $0.plannedModel ?? "" },
      submit: { screen, text in screen.change { $0.model = text.isEmpty ? nil : text } }),
    Command(
      asking: "generation.endpoint", "server", "Name the servers for this session, separated by spaces", keys: ["E"],
      hint: 6, asks: "Servers (empty: the settings')", unless: { $0.runReason },
      text: { $0.snapshot.endpoints.joined(separator: " ") },
      submit: { screen, text in
        let urls = text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
        for url in urls { _ = try Endpoint(url) }
        screen.change { $0.endpoints = urls.isEmpty ? nil : urls }
      }),
    Command(
      asking: "generation.limit", "limit", "Limit the number of solutions", keys: ["L"], hint: 7,
      asks: "Solutions at most (empty: all)", unless: { $0.runReason },
      text: { $0.generation.overrides.limit.map { String($0) } ?? "" },
      submit: { screen, text in
        guard text.isEmpty || (Int(text) ?? 0) > 0 else {
          throw RefusalError("'\(text)' is not a number of solutions. Enter 1 or more, or nothing for all.")
        }
        screen.change { $0.limit = Int(text) }
      }),
  ]

  private var runReason: String? { snapshot.isRunning ? "Generation is running; stop it first." : nil }

  private var solutionsReason: String? {
    if isHidden { return "In blind mode where solutions stand would tell their labels." }
    if case .standing = selected { return nil }
    return "Select a row under 'where solutions stand' to see its solutions."
  }
}
