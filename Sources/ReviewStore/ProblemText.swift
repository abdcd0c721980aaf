import Hashing

/// What a problem says, however it is typed: two problems with the same normal text are one problem.
///
/// White space, letter case, dollar signs and other marks of formulas, braces, LaTeX's spaces and sizes, and the marks at
/// the end of sentences differ between editions of one problem (PRM800K and MATH, for example); numbers, letters and
/// operators do not.
public enum ProblemText {
  /// The normal text, as UTF-8.
  public static func normalized(_ problem: String) -> [UInt8] {
    var problem = problem
    return problem.withUTF8 { utf8 in
      var out: [UInt8] = []
      out.reserveCapacity(utf8.count)
      var i = 0
      while i < utf8.count {
        let byte = utf8[i]
        i += 1
        switch byte {
        case UInt8(ascii: "\\"):
          var end = i
          while end < utf8.count, isLetter(utf8[end]) { end += 1 }
          if end == i {
            // "\," "\!" and the like are spaces, "\(" marks of formulas; "\%" is the sign.
            if i < utf8.count, utf8[i] == UInt8(ascii: "%") || utf8[i] == UInt8(ascii: "|") { out.append(utf8[i]) }
            if i < utf8.count { i += 1 }
          } else {
            let command = UnsafeBufferPointer(rebasing: utf8[i..<end])
            if command.elementsEqual("dfrac".utf8) || command.elementsEqual("tfrac".utf8) {
              out.append(contentsOf: "frac".utf8)
            } else if !silent.contains(where: { command.elementsEqual($0.utf8) }) {
              for letter in command { out.append(letter | 0x20) }
            }
            i = end
          }
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): out.append(byte | 0x20)
        case 0...0x20, 0x7F, UInt8(ascii: "$"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "."),
          UInt8(ascii: "?"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "~"):
          // A decimal point and the comma of a pair stand between digits or letters, and tell problems apart.
          guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: ","), i < utf8.count, let last = out.last,
            isDigit(last), isDigit(utf8[i])
          else { continue }
          out.append(byte)
        default: out.append(byte)
        }
      }
      return out
    }
  }

  /// Commands that change how a formula looks, not what it says.
  private static let silent = [
    "left", "right", "displaystyle", "textstyle", "quad", "qquad", "big", "Big", "bigg", "Bigg", "text", "mathrm",
    "mbox",
  ]

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// 64 bits of SHA-256 of the normal text; of the text itself where nothing normal is left of it.
  public static func hash(_ problem: String) -> Int64 {
    let normal = normalized(problem)
    let digest = SHA256.hash(data: normal.isEmpty ? Array(problem.utf8) : normal)
    return digest.prefix(8).reduce(into: Int64(0)) { $0 = $0 << 8 | Int64($1) }
  }
}
