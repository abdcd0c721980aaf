import DeepCriticCore
import Foundation
import Terminal

/// The settings in force: what each means, where it comes from, and what the files say since.
final class SettingsScreen: ListScreen {
  static let id: ScreenID = "settings"
  static let heading = "On the settings screen"
  static let opening: Action? = Action(
    .settingsShow, "settings", "Open the settings: values and origins, and those you can change here",
    keys: ["f8"])

  let context: ScreenContext
  var list = ListState()
  private let environment: [String: String]
  private let reviewSettings: ReviewSettings
  private var reading: SettingsReading
  private(set) var rows: [Setting] = []

  init(_ services: Services) {
    context = services.context
    environment = services.environment
    reviewSettings = services.reviewSettings
    reading = SettingsReading(services.context.session.workspace, environment: services.environment)
  }

  var selected: Setting? { list.selected(of: rows) }

  /// Why files cannot be used. What was read at the start holds on.
  var problems: [String] { reading.problems.map(reading.short) }

  func appear() { load() }
  func modeChanged() { load() }

  func refresh() -> Bool {
    let before = (rows, problems)
    load()
    return before != (rows, problems)
  }

  /// Reads the files again where they have changed, and compares them with what holds.
  private func load() {
    if reading.isOutdated { reading = SettingsReading(workspace, environment: environment) }
    rows = personal + reviewing + keyRows + files
    list.setCount(rows.count)
  }

  func layOut(_ size: Size) {
    load()
    list.setViewport(SettingsView.listHeight(size, self))
  }

  func draw(_ canvas: inout Canvas) { SettingsView.draw(&canvas, self) }

  // MARK: - Rows

  private func row(
    _ name: String, _ value: String, next: String?, _ origin: String, _ about: String, change: Setting.Change? = nil
  ) -> Setting {
    let differs = next.map { $0 != value } ?? false
    return Setting(
      name: name, value: value, origin: differs ? "this session" : origin, about: about, next: differs ? next : nil,
      change: change)
  }

  private var personal: [Setting] {
    let written = reading.settings
    func origin(_ name: String) -> String { reading.origin((written ?? session.settings).origins[name]) }
    let mouse = { (isUsed: Bool) in isUsed ? "used here" : "left to the terminal" }
    let isNamed = !(environment[Session.reviewerVariable] ?? "").allSatisfy(\.isWhitespace)
    let nameOrigin = isNamed ? Session.reviewerVariable : origin("reviewer")
    let isUsed = navigator?.usesMouse ?? session.settings.mouse
    return [
      row(
        "theme", navigator?.themeName ?? session.settings.theme, next: written?.theme, origin("theme"),
        "Colour theme.", change: .theme),
      row(
        "mouse", mouse(isUsed), next: written.map { mouse($0.mouse) }, origin("mouse"),
        "Use clicks and the wheel here; select text with shift then.", change: .mouse),
      row(
        "mode", session.mode.rawValue, next: written?.mode.rawValue, origin("mode"),
        "Audit shows labels and critiques from the start, blind \(session.revealWords). Changes apply to this session.",
        change: .mode),
      row(
        "reviewer", session.reviewer,
        next: written.map { Session.reviewerName(settings: $0, environment: environment) }, nameOrigin,
        "Your name in every decision (default: the login name)."),
    ]
  }

  private var reviewing: [Setting] {
    let (now, next) = (reviewSettings, reading.review)
    let goal = { (count: Int) in count > 0 ? Figures.count(count, "decision") + " a day" : "none" }
    let idle = { (seconds: Int) in Figures.count(seconds, "second") }
    let share = { (rate: Double) in "\(Int((rate * 100).rounded())) % of a queue" }
    return [
      row(
        "daily goal", goal(now.dailyGoal), next: next.map { goal($0.dailyGoal) }, reading.reviewOrigin("daily_goal"),
        "Daily goal of decisions, shown in the header (daily_goal in [review])."),
      row(
        "idle after", idle(now.idleSeconds), next: next.map { idle($0.idleSeconds) },
        reading.reviewOrigin("idle_seconds"),
        "Longer pauses do not count as work (idle_seconds in [review])."),
      row(
        "reveal", "after each \(now.reveal.rawValue)", next: next.map { "after each \($0.reveal.rawValue)" },
        reading.reviewOrigin("reveal", isPersonal: false),
        "When blind review reveals labels and critiques (reveal in the workspace's [review])."),
      row(
        "gold items", share(now.goldRate), next: next.map { share($0.goldRate) },
        reading.reviewOrigin("gold_rate", isPersonal: false),
        "Share of gold items mixed into queues (gold_rate in the workspace's [review])."),
    ]
  }

  /// Actions with keys of your own.
  private var keyRows: [Setting] {
    let (now, next) = (session.settings, reading.settings)
    let names = Set(now.keys.keys).union(next?.keys.keys.map { $0 } ?? [])
    return names.sorted().map { name in
      let action = ActionTable.action(ActionID(rawValue: name))
      let keys = { (settings: WorkspaceSettings) in
        (settings.keys[name] ?? action?.keys ?? []).joined(separator: " ")
      }
      return row(
        name, keys(now), next: next.map(keys), reading.origin((next ?? now).origins["keys." + name]),
        "Keys, set in [keys]: " + (action.map { $0.summary } ?? "unknown action") + ".")
    }
  }

  private var files: [Setting] {
    let own = reading.own.map(reading.short)
    return [
      Setting(
        name: "your file", value: own ?? "none: HOME is not set", origin: "",
        about: "Your settings for all workspaces. They override the workspace's, except for mode."),
      Setting(
        name: "workspace's file", value: "\(session.title)/\(Workspace.settingsName)", origin: "",
        about: "Settings for all reviewers of this workspace."),
    ]
  }

  // MARK: - Changing

  /// Why the selected setting is not changed here.
  var changeReason: String? {
    guard let selected else { return "No setting is selected." }
    guard let change = selected.change else {
      let files = [reading.own.map(reading.short), reading.shared].compactMap { $0 }.joined(separator: " or ")
      return selected.origin.isEmpty
        ? "Edit the file; changes appear here at once: \(files)."
        : "'\(selected.name)' is set in a file: \(files)."
    }
    return change == .theme && navigator?.themes == nil ? "No themes to choose from." : nil
  }

  static let commands = CommandSet<SettingsScreen>(
    [
      Command(
        .settingsChange, "change", "Change the selected setting; personal settings are saved to your own file",
        keys: ["enter"], hint: 1, unless: { $0.changeReason }
      ) { try $0.change() }
    ] + rowCommands.filter { ![.rowPageDown, .rowPageUp].contains($0.action.id) } + [
      Command("settings.page-down", "page down", "Go a page down", keys: ["page-down", "space"]) {
        $0.move { $0.page(by: 1) }
      },
      Command("settings.page-up", "page up", "Go a page up", keys: ["page-up"]) { $0.move { $0.page(by: -1) } },
    ])

  private func change() throws {
    guard let navigator else { return }
    switch selected?.change {
    case .theme: navigator.chooseTheme()
    case .mouse:
      navigator.toggleMouse()
      try navigator.keep("mouse", navigator.usesMouse ? "true" : "false")
    case .mode: try navigator.toggleMode()
    case nil: break
    }
    load()
  }
}
