import DeepCriticCore
import Terminal

/// The form of a new run. It is left when the run has started.
final class RunFormScreen: ListScreen {
  static let id = ScreenID.runForm
  static let heading = "New run"
  static let commands = CommandSet<RunFormScreen>(rowCommands + ownCommands)

  private static let ownCommands: [Command<RunFormScreen>] = [
    Command(
      .runFormChange, "change", "Change the selected field: the next choice, or a line to type into",
      keys: ["enter", "l", "right"], hint: 1
    ) { $0.change() },
    Command(
      .runFormType, "type", "Type the selected field", keys: ["e", "i"], hint: 3, asks: "Value",
      submit: { try $0.form.set($1) }
    ) { $0.askForField() },
    Command(
      .runFormStart, "start", "Check the run and start it", keys: ["ctrl-s"], hint: 4, reachesOut: true, writes: true,
      unless: { screen in screen.runs.controller.working.map { $0 + screen.glyphs.ellipsis } }
    ) { try $0.start() },
  ]

  let context: ScreenContext
  let runs: RunsService
  var form = RunForm(datasets: [], like: nil)
  /// The run of this form is being checked and started.
  private var isStarting = false
  /// The run has started while another screen was seen.
  private var isDone = false

  var list: ListState {
    get { form.list }
    set { form.list = newValue }
  }

  init(_ services: Services) {
    context = services.context
    runs = services.runs
  }

  /// A form with the defaults, or with the settings of another run.
  func begin(like spec: RunSpecification?) throws {
    form = RunForm(datasets: try workspace.datasets(), like: spec)
    isStarting = false
    isDone = false
    layOut(size)
  }

  func appear() throws { if isDone { try leave() } }

  func refresh() throws -> Bool {
    guard isStarting, let outcome = runs.takeOutcome() else { return false }
    isStarting = false
    isDone = outcome.started != nil
    form.take(outcome.problems)
    if isDone, navigator?.top === self { try leave() }
    return true
  }

  private func leave() throws {
    isDone = false
    try navigator?.leave()
  }

  func settle() { runs.wait() }

  func layOut(_ size: Size) { form.list.setViewport(RunFormView.listHeight(size)) }

  func draw(_ canvas: inout Canvas) { RunFormView.draw(&canvas, self) }

  private func change() { if !form.next() { askForField() } }

  private func askForField() {
    guard let field = form.selected else { return }
    navigator?.ask(
      .runFormType, question: RunForm.key(field), text: field == .data ? form.data : form.value(field))
  }

  private func start() throws {
    guard !form.data.isEmpty else {
      form.problems = ["data": "is missing"]
      return say(.warning, "Name the dataset: 'deepcritic export' writes one.")
    }
    form.problems = [:]
    try runs.start(form.spec, data: form.data)
    isStarting = true
    say(.info, "Checking" + glyphs.ellipsis)
  }
}
