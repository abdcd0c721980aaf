/// The program's version: the one place where it is written.
enum Version {
  static let number = "0.1.0"
}
