import DeepCriticCore
import Foundation
import Terminal

/// Draws the whole screen from the model. Views never change it.
public enum Screens {
  /// The screen as text, when all is known that is worked out beside it.
  public static func settled(_ model: WorkbenchModel) -> String { settled(model, theme: .terminal).text() }

  /// The screen, when all is known that is worked out beside it; a minute is waited for that at most.
  public static func settled(_ model: WorkbenchModel, theme: Theme) -> Canvas {
    model.curation.waitUntilKnown()
    let deadline = ContinuousClock.now + .seconds(60)
    _ = model.tick()
    while model.isBusy, ContinuousClock.now < deadline {
      Thread.sleep(forTimeInterval: 0.001)
      _ = model.tick()
    }
    return draw(model, theme: theme)
  }

  /// Draws at the model's size.
  public static func draw(_ model: WorkbenchModel, theme: Theme) -> Canvas {
    var canvas = Canvas(size: model.size, theme: theme, glyphs: model.glyphs)
    guard model.size.width > 0, model.size.height > 0 else { return canvas }
    if model.generation.isOpen {
      GenerationScreen.draw(&canvas, model)
    } else if model.curation.isOpen {
      do { try CurationScreen.draw(&canvas, model) } catch {
        canvas.put("\(error)", x: 1, y: min(2, model.size.height - 1), role: .error)
      }
    } else if model.statistics.isOpen {
      StatisticsScreen.draw(&canvas, model)
    } else if model.adjudication.isOpen {
      do { try AdjudicationScreen.draw(&canvas, model) } catch {
        canvas.put("\(error)", x: 1, y: min(2, model.size.height - 1), role: .error)
      }
    } else if model.evaluation.isOpen {
      do { try EvaluationScreen.draw(&canvas, model) } catch {
        canvas.put("\(error)", x: 1, y: min(2, model.size.height - 1), role: .error)
      }
    } else if model.runs.isOpen {
      RunsScreen.draw(&canvas, model)
    } else if model.live.isOpen {
      LiveScreen.draw(&canvas, model)
    } else if model.demo.isOpen {
      DemoScreen.draw(&canvas, model)
    } else if model.review != nil {
      ReviewScreen.draw(&canvas, model)
    } else {
      do { try QueueScreen.draw(&canvas, model) } catch {
        canvas.put("\(error)", x: 1, y: min(2, model.size.height - 1), role: .error)
      }
    }
    OverlayScreens.draw(&canvas, model)
    return canvas
  }
}
