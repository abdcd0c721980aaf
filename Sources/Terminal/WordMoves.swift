/// Where words begin and end, for the keys of everything that can be edited.
extension [Character] {
  private func isWord(_ index: Int) -> Bool { self[index].isLetter || self[index].isNumber }

  /// The beginning of the word before a place: letters and digits.
  func wordStart(before place: Int) -> Int {
    var index = place
    while index > 0, !isWord(index - 1) { index -= 1 }
    while index > 0, isWord(index - 1) { index -= 1 }
    return index
  }

  func wordEnd(after place: Int) -> Int {
    var index = place
    while index < count, !isWord(index) { index += 1 }
    while index < count, isWord(index) { index += 1 }
    return index
  }

  /// The beginning of what stands between blanks before a place.
  func blankWordStart(before place: Int, isBlank: (Character) -> Bool) -> Int {
    var index = place
    while index > 0, isBlank(self[index - 1]) { index -= 1 }
    while index > 0, !isBlank(self[index - 1]) { index -= 1 }
    return index
  }
}
