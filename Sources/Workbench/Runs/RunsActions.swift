import DeepCriticCore
import Terminal

extension WorkbenchModel {
  func openRuns() {
    closeScreens()
    runs.open()
  }

  func performInRuns(_ id: ActionID) throws {
    if runs.form != nil { return try performInForm(id) }
    switch id {
    case .rowNext: moveRun { $0.move(by: 1) }
    case .rowPrevious: moveRun { $0.move(by: -1) }
    case .rowPageDown: moveRun { $0.page(by: 1) }
    case .rowPageUp: moveRun { $0.page(by: -1) }
    case .rowFirst: moveRun { $0.home() }
    case .rowLast: moveRun { $0.end() }
    case .runsPane:
      let all = RunsModel.Pane.allCases
      runs.pane = all[((all.firstIndex(of: runs.pane) ?? 0) + 1) % all.count]
      runs.logScroll = 0
    case .runsOverlay: runs.toggleOverlay()
    case .runsMetric: changeMetric(by: 1)
    case .runsMetricPrevious: changeMetric(by: -1)
    case .runsSmoothing:
      let all = RunsModel.smoothings
      runs.smoothing = all[((all.firstIndex(of: runs.smoothing) ?? 0) + 1) % all.count]
    case .runsZoomIn: runs.changeZoom(by: 0.5)
    case .runsZoomOut: runs.changeZoom(by: 2)
    case .runsZoomAll: runs.zoom = nil
    case .runsLeft: runs.changeZoom(by: 1, shift: -0.25)
    case .runsRight: runs.changeZoom(by: 1, shift: 0.25)
    case .runsItemNext: moveInPane(by: 1)
    case .runsItemPrevious: moveInPane(by: -1)
    case .runsEnter: try enterRun()
    case .runsStop: if let run = runs.selected { runs.controller.stop(run) }
    case .runsResume: if let run = runs.selected { runs.controller.resume(run) }
    case .runsNew:
      runs.form = RunForm(datasets: try session.workspace.datasets(), like: nil)
      resizeForm()
    case .runsLike:
      runs.form = RunForm(datasets: try session.workspace.datasets(), like: runs.selected?.specification)
      resizeForm()
    default: break
    }
    runs.look()
  }

  private func moveRun(_ move: (inout ListState) -> Void) {
    let before = runs.list.selected
    move(&runs.list)
    if runs.list.selected != before {
      runs.sample.home()
      runs.logScroll = 0
      runs.zoom = nil
    }
  }

  private func changeMetric(by step: Int) {
    let all = runs.snapshot.metrics
    guard !all.isEmpty else { return }
    let place = all.firstIndex { $0 == (runs.metric ?? runs.snapshot.metric) } ?? 0
    runs.metric = all[(place + step + all.count) % all.count]
    runs.pane = .chart
  }

  private func moveInPane(by step: Int) {
    if runs.pane == .log || runs.pane == .settings {
      runs.logScroll = max(runs.logScroll + (runs.pane == .log ? -step : step), 0)
    } else {
      runs.pane = .samples
      runs.sample.move(by: step)
    }
  }

  /// From the list to the samples, and from a sample to the solution that it is about.
  private func enterRun() throws {
    guard runs.pane == .samples, let key = runs.selectedSample?.solution else {
      runs.pane = .samples
      return
    }
    guard let solution = try session.workspace.solutionID(key: key) else {
      say(.warning, "The solution of this sample is not in this workspace.")
      return
    }
    runs.isOpen = false
    try open(solution)
  }

  // MARK: - The form

  func resizeForm() { runs.form?.list.setViewport(RunFormScreen.listHeight(size)) }

  private func performInForm(_ id: ActionID) throws {
    switch id {
    case .rowNext: runs.form?.list.move(by: 1)
    case .rowPrevious: runs.form?.list.move(by: -1)
    case .rowPageDown: runs.form?.list.page(by: 1)
    case .rowPageUp: runs.form?.list.page(by: -1)
    case .rowFirst: runs.form?.list.home()
    case .rowLast: runs.form?.list.end()
    case .runFormChange:
      if runs.form?.next() == false { askForField() }
      resizeForm()
    case .runFormType: askForField()
    case .runFormStart:
      guard let form = runs.form else { return }
      guard !form.data.isEmpty else {
        runs.form?.problems = ["data": "is missing"]
        say(.warning, "Name the data set: 'deepcritic export' writes one.")
        return
      }
      runs.form?.problems = [:]
      runs.controller.start(form.spec, data: form.data)
      say(.info, "Checking" + glyphs.ellipsis)
    default: break
    }
  }

  private func askForField() {
    guard let form = runs.form, let field = form.selected else { return }
    ask(.runFormType, text: field == .data ? form.data : form.value(field))
    if case .prompt(let prompt) = overlay {
      overlay = .prompt(PromptModel(action: prompt.action, question: RunForm.key(field), editor: prompt.editor))
    }
  }

  /// Takes what was typed for a field.
  func setRunForm(_ text: String) throws { try runs.form?.set(text) }

  // MARK: - Telling

  /// Tells what has become of what was asked for.
  func tellAboutRuns() -> Bool {
    let notices = runs.controller.takeNotices()
    for notice in notices {
      say(notice.isGood ? .good : .error, notice.text)
      if notice.started != nil { runs.form = nil }
      for problem in notice.problems { runs.form?.problems[problem.key] = problem.message }
      if let first = notice.problems.first, let form = runs.form,
        let place = form.fields.firstIndex(where: { RunForm.key($0) == first.key })
      {
        runs.form?.list.select(place)
      }
    }
    return !notices.isEmpty
  }

  /// Why an action of the runs screen cannot be done now.
  func runsReason(_ id: ActionID) -> String? {
    if runs.form != nil {
      return id == .runFormStart && runs.controller.working != nil
        ? "\(runs.controller.working ?? "")\(glyphs.ellipsis)" : nil
    }
    switch id {
    case .runsNew: return session.workspace.isReadOnly ? "\(WorkspaceError.readOnly(session.workspace.path))" : nil
    case .rowNext, .rowPrevious, .rowPageDown, .rowPageUp, .rowFirst, .rowLast, .runsPane: return nil
    default: break
    }
    guard let run = runs.selected else { return "There is no run yet: \(keys(.runsNew)) starts one." }
    switch id {
    case .runsStop: return run.status.phase.isOpen ? nil : "\(run.name) does not run."
    case .runsResume:
      return run.status.phase.canResume
        ? nil : "\(run.name) is \(run.status.phase.rawValue): there is nothing to resume."
    case .runsEnter:
      if runs.pane == .samples, session.mode == .blind {
        return "In blind mode the solutions behind samples would come with what is hidden."
      }
      return runs.pane == .samples && runs.selectedSample == nil
        ? "There are no samples: only reinforcement learning writes some." : nil
    case .runsZoomAll: return runs.zoom == nil ? "All steps are shown." : nil
    default: return nil
    }
  }
}
