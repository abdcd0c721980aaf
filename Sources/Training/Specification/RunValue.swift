import Foundation
import TOML

/// The value of one setting of a run.
public enum RunValue: Sendable, Hashable {
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// Yes or no.
  case flag(Bool)

  /// As it is written on a command line: texts without quotes.
  public var words: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(value)" : String(value)
    case .text(let value): value
    case .flag(let value): value ? "true" : "false"
    }
  }

  /// As written in a TOML file.
  public var toml: String {
    guard case .text(let value) = self else { return words }
    var out = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          out += String(format: "\\u%04X", scalar.value)
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
    return out + "\""
  }

  /// A value of a file; `nil` for dates, lists and tables.
  init?(_ value: TOMLValue) {
    if let flag = value.bool {
      self = .flag(flag)
    } else if let whole = value.int {
      self = .integer(whole)
    } else if let number = value.double {
      self = .number(number)
    } else if let text = value.string {
      self = .text(text)
    } else {
      return nil
    }
  }

  /// A value as a person types it, taken for what it looks like.
  init(typed text: String) {
    if text == "true" || text == "false" {
      self = .flag(text == "true")
    } else if let whole = Int(text) {
      self = .integer(whole)
    } else if let number = Double(text), number.isFinite {
      self = .number(number)
    } else {
      self = .text(text)
    }
  }
}

extension RunValue: Codable {
  /// Reads a plain JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let whole = try? container.decode(Int.self) {
      self = .integer(whole)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Writes a plain JSON value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    }
  }
}

/// Something wrong with a setting of a run, which is named.
public struct RunSettingError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
  /// The setting's key.
  public var key: String
  /// What is wrong and what would be right.
  public var message: String

  /// A problem of one setting.
  public init(_ key: String, _ message: String) {
    self.key = key
    self.message = message
  }

  /// Key and message.
  public var description: String { "'\(key)' \(message)" }
}

/// Why a specification cannot be used: every problem that was found.
public struct SpecificationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, the gravest first; at least one.
  public let problems: [RunSettingError]
  /// The file that it was read from, if any.
  public var file: String?

  /// An error of at least one problem.
  public init(_ problems: [RunSettingError], file: String? = nil) {
    self.problems = problems
    self.file = file
  }

  /// All of them, with the file.
  public var description: String {
    let place = file.map { "\($0): " } ?? ""
    return place + problems.map { "\($0)" }.joined(separator: "; ") + "."
  }
}
