import CTerminal
import Secrets

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Why editing in the user's own editor did not work. The text is unchanged in every case.
public enum ExternalEditorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `VISUAL` or `EDITOR` cannot be split into words.
  case unreadableCommand(String)
  /// There is no such program.
  case notFound(String)
  /// The program could not be started; the system's reason.
  case cannotStart(String, String)
  /// The editor ended with an error: its exit status, or 128 and a signal's number.
  case failed(String, Int)
  /// The temporary file could not be written; the system's reason.
  case cannotWrite(String)
  /// The edited file could not be read; the system's reason.
  case cannotRead(String)
  /// The edited file is not UTF-8 text.
  case notText
  /// The edited file is larger than `ExternalEditor.limit`.
  case tooLarge

  /// A sentence that says what to do.
  public var description: String {
    switch self {
    case .unreadableCommand(let command):
      "VISUAL or EDITOR has an unmatched quote: \(TextSafety.line(command))"
    case .notFound(let program):
      "there is no editor \"\(TextSafety.line(program))\"; set VISUAL or EDITOR to one that is installed"
    case .cannotStart(let program, let reason):
      "the editor \"\(TextSafety.line(program))\" could not be started: \(reason)"
    case .failed(let program, let status):
      "the editor \"\(TextSafety.line(program))\" ended with status \(status); the text is unchanged"
    case .cannotWrite(let reason):
      "the text could not be written to a temporary file: \(reason)"
    case .cannotRead(let reason):
      "the edited text could not be read: \(reason); the text is unchanged"
    case .notText:
      "the edited file is not UTF-8 text; the text is unchanged"
    case .tooLarge:
      "the edited file is larger than \(ExternalEditor.limit / 1_048_576) MiB; the text is unchanged"
    }
  }
}

/// Edits a text in the program the user has chosen for that.
public enum ExternalEditor {
  /// Largest text read back, in bytes.
  public static let limit = 8 * 1_048_576

  /// Edits a text in `$VISUAL`, else `$EDITOR`, else `vi`, while the screen steps aside.
  ///
  /// The command is split into words here and started directly: no shell sees it, nor the text. The file lies in a
  /// directory of its own that only the user can enter, and is removed afterwards. Many editors end a file with a
  /// newline of their own; one such newline is removed if the text had none.
  /// - Parameter suffix: the file's extension with its dot, such as `.md`, so that the editor knows the language.
  /// - Throws: `ExternalEditorError`.
  public static func edit(text: String, suffix: String = ".txt", screen: TerminalScreen) throws -> String {
    try edit(text: text, suffix: suffix, command: command()) { body in screen.runExternally(body) }
  }

  /// The editor as the environment names it.
  static func command() -> String {
    for name in ["VISUAL", "EDITOR"] {
      if let value = Environment[name], value.contains(where: { !$0.isWhitespace }) { return value }
    }
    return "vi"
  }

  static func edit(text: String, suffix: String, command: String, around: (() -> Int32) -> Int32) throws -> String {
    var arguments = try words(command)
    let program = arguments[0]
    var path = [CChar](repeating: 0, count: 2048)
    let safeSuffix = suffix.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
    let bytes = Array(text.utf8)
    let written = bytes.withUnsafeBytes {
      ct_private_file("text" + safeSuffix, &path, path.count, $0.baseAddress, $0.count)
    }
    guard written == 0 else { throw ExternalEditorError.cannotWrite(reason(written)) }
    defer { ct_remove_private_file(path) }
    let file = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    arguments.append(file)

    let status = around { run(arguments) }
    if status == -ENOENT || status == 127 { throw ExternalEditorError.notFound(program) }
    if status < 0 { throw ExternalEditorError.cannotStart(program, reason(-status)) }
    if status > 0 { throw ExternalEditorError.failed(program, Int(status)) }
    var edited = try read(file)
    // Line ends of another system are not an edit.
    if !text.contains("\r\n") {
      edited = edited.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }
    if edited.hasSuffix("\n"), !text.hasSuffix("\n") { edited.removeLast() }
    return edited
  }

  private static func run(_ arguments: [String]) -> Int32 {
    let copies = arguments.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var pointers = copies.map { UnsafePointer($0) }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { arguments in
      ChildEnvironment.withPointers(ChildEnvironment.inherited()) { ct_run(arguments.baseAddress, $0) }
    }
  }

  private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }

  private static func readBytes(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    buffer.withUnsafeMutableBytes { bytes in
      #if canImport(Glibc)
        Glibc.read(descriptor, bytes.baseAddress, bytes.count)
      #elseif canImport(Darwin)
        Darwin.read(descriptor, bytes.baseAddress, bytes.count)
      #else
        Musl.read(descriptor, bytes.baseAddress, bytes.count)
      #endif
    }
  }

  private static func read(_ path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ExternalEditorError.cannotRead(reason(errno)) }
    defer { _ = close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = readBytes(descriptor, &buffer)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw ExternalEditorError.cannotRead(reason(errno)) }
      if count == 0 { break }
      bytes += buffer[..<count]
      if bytes.count > limit { throw ExternalEditorError.tooLarge }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw ExternalEditorError.notText }
    return text
  }

  /// Splits a command at blanks. Single and double quotes keep blanks; a backslash keeps the next character outside
  /// single quotes. Nothing is expanded.
  static func words(_ command: String) throws -> [String] {
    var result: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in command {
      if isEscaped {
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { result.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !isEscaped else { throw ExternalEditorError.unreadableCommand(command) }
    if let word { result.append(word) }
    guard let program = result.first, !program.isEmpty, !command.contains("\0") else {
      throw ExternalEditorError.unreadableCommand(command)
    }
    return result
  }
}
