/// The program's version: the one place where it is written.
enum Version {
  static let number = "0.1.0"

  /// The compiler that built this program.
  static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
