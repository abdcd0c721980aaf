/// The signs that make a line a heading.
enum HeadingMark {
  /// Where the words of a heading begin that starts here: behind `# ` to `###### `. `#### 18`, which marks an answer, is none.
  static func end(_ bytes: [UInt8], _ start: Int) -> Int? {
    var at = start
    while at < bytes.count, bytes[at] == 0x23 { at += 1 }
    let level = at - start
    guard (1...6).contains(level), at < bytes.count, bytes[at] == 0x20 else { return nil }
    var content = at
    while content < bytes.count, bytes[content] == 0x20 { content += 1 }
    guard content < bytes.count, bytes[content] != 0x0A else { return nil }
    if level == 4 {
      var end = content
      var letters = 0
      while end < bytes.count, bytes[end] != 0x0A {
        if LatexTokenizer.isLetter(bytes[end]) { letters += 1 }
        end += 1
      }
      if letters < 3 { return nil }
    }
    return content
  }
}
