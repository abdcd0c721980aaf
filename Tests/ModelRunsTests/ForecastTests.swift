import Formatting
import Testing

@testable import ModelRuns

/// What requests will take.
@Suite struct ForecastTests {
  private let prices = TokenPrices(input: 1, output: 2)

  @Test func withoutAnyAnswerTheMostIsTold() {
    let forecast = RequestForecast(
      requests: 10, samples: 40, promptTokens: 100, maxTokens: 1000, measured: MeasuredCost(), prices: prices)
    #expect(forecast.promptTokens == 1000 && forecast.completionTokens == 40_000 && forecast.measuredOn == 0)
    #expect(forecast.cost == (1000 + 2 * 40_000) / 1e6 && forecast.seconds == nil)
    #expect(
      forecast.lines(prices) == [
        "tokens: about 1,000 in, at most 40,000 out (nothing measured yet)",
        "cost: at most \(Figures.money(0.081, "$"))",
        "time: unknown until a few requests are done; try --limit",
      ])
    #expect(forecast.lines(nil).count == 2)
  }

  @Test func answersThatCameAreWhatItIsMeasuredOn() {
    // Ten samples of five requests, one a second; a pause of an hour between the runs.
    var at: Int64 = 10_000_000
    let answers = (0..<10).map { number -> (at: Int64, prompt: Int?, completion: Int?) in
      at -= number == 5 ? 3_600_000 : 1000
      return number % 2 == 0 ? (at, 200, 600) : (at, nil, nil)
    }
    let measured = MeasuredCost(answers: answers)
    #expect(measured.samples == 10 && measured.promptTokensPerRequest == 200 && measured.completionTokens == 300)
    #expect(measured.rate == 10.0 / 8)
    let forecast = RequestForecast(
      requests: 3, samples: 5, promptTokens: 9, maxTokens: 1000, measured: measured, prices: nil)
    #expect(forecast.promptTokens == 600 && forecast.completionTokens == 1500 && forecast.seconds == 4)
    #expect(forecast.cost == nil)
    #expect(forecast.lines(nil).first == "tokens: about 600 in, about 1,500 out (measured on 10 samples)")
  }

  @Test func severalAreAddedUpAndWhatIsUnknownStaysSo() {
    var measured = MeasuredCost()
    (measured.samples, measured.completionTokens, measured.rate) = (8, 50, 2)
    let one = RequestForecast(
      requests: 1, samples: 4, promptTokens: 10, maxTokens: 99, measured: measured, prices: prices)
    let other = RequestForecast(
      requests: 2, samples: 2, promptTokens: 20, maxTokens: 100, measured: MeasuredCost(), prices: prices,
      isEstimated: true)
    let nothing = RequestForecast(
      requests: 0, samples: 0, promptTokens: 0, maxTokens: 1, measured: MeasuredCost(), prices: prices)
    let all = RequestForecast([one, other, nothing])
    #expect(all.samples == 6 && all.promptTokens == 50 && all.completionTokens == 400)
    #expect(all.isEstimated && all.measuredOn == 0 && all.seconds == nil && all.cost != nil)
    #expect(RequestForecast([one, nothing]).seconds == 2)
  }
}
