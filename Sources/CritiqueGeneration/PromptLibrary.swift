import CritiqueModel
import Formatting
import Foundation

/// The templates in use: the built-in ones, some replaced by files.
public struct PromptLibrary: Sendable {
  private var templates: [PromptPurpose: PromptTemplate]

  /// The built-in templates with some replaced.
  ///
  /// - Parameter files: paths by purpose.
  /// - Throws: ``PromptError`` naming file, line and remedy.
  public init(replacing files: [PromptPurpose: String] = [:]) throws(PromptError) {
    templates = [:]
    for purpose in PromptPurpose.allCases {
      guard let path = files[purpose] else {
        templates[purpose] = try PromptTemplate(
          Self.builtIn(purpose), purpose: purpose, file: "built-in prompt \(purpose.rawValue)")
        continue
      }
      let text: String
      do { text = try PlainFile.text(path, limit: 16 << 20) } catch {
        let isText = error.reason != PlainFileError.notText
        let kind = PlainFile.otherKind(path).map { ": it is \($0), not a file" } ?? ""
        throw PromptError(
          description: isText
            ? "\(path): the prompt file cannot be read\(kind); check its path."
            : "\(path): the prompt file is not UTF-8 text.")
      }
      templates[purpose] = try PromptTemplate(text, purpose: purpose, file: path)
    }
  }

  /// The template for a purpose.
  public subscript(purpose: PromptPurpose) -> PromptTemplate {
    guard let template = templates[purpose] else { preconditionFailure("every purpose has a template since init") }
    return template
  }

  /// The template for a stage.
  public subscript(stage: Stage) -> PromptTemplate { self[PromptPurpose(stage)] }

  /// The text of a built-in template, to start your own from.
  public static func builtIn(_ purpose: PromptPurpose) -> String {
    let bytes =
      switch purpose {
      case .initial: PackageResources.initial_md
      case .deep: PackageResources.deep_md
      case .merged: PackageResources.merged_md
      case .critic: PackageResources.critic_md
      case .paragraphs: PackageResources.paragraphs_md
      case .solver: PackageResources.solver_md
      case .refiner: PackageResources.refiner_md
      }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension PromptPurpose {
  /// The purpose of a stage's prompt.
  public init(_ stage: Stage) {
    self =
      switch stage {
      case .initial: .initial
      case .deep: .deep
      case .merged: .merged
      }
  }
}
