import DeepCriticCore
import Foundation

extension Navigator {
  func showMessages() {
    let format = DateFormatter()
    format.dateFormat = "HH:mm:ss"
    let items = context.messages.all.map {
      ChooserOverlay.Item(name: format.string(from: $0.at), about: $0.message.text)
    }
    overlay = ChooserOverlay(
      context, title: "Messages", items: items, selected: max(items.count - 1, 0), width: 110, choose: nil)
  }
}
