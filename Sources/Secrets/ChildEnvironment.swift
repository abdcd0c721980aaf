import Foundation

/// The environment of programs that this one starts: ours, without the keys that they do not need.
public enum ChildEnvironment {
  /// The variables that a child inherits.
  ///
  /// - Parameter needed: names of secrets that it is for, as a training run's specification names them.
  public static func inherited(
    from environment: [String: String] = ProcessInfo.processInfo.environment, needed: Set<String> = []
  ) -> [String: String] {
    environment.filter { needed.contains($0.key) || !isWithheld($0.key) }
  }

  /// Whether a variable stays here unless the child is for it.
  static func isWithheld(_ name: String) -> Bool { Secrets.holdsSecret(name) || name.hasPrefix("AWS_") }

  /// Runs something with an environment as C takes it: "NAME=value", ended by a null pointer.
  public static func withPointers<Result>(
    _ environment: [String: String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = environment.sorted { $0.key < $1.key }
      .map { strdup("\($0.key)=\($0.value)") }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
      // Never empty: the null pointer is in it.
      body(buffer.baseAddress.unsafelyUnwrapped)
    }
  }
}
