import CritiqueModel
public enum DatasetFormat: String, Sendable, CaseIterable, Codable {
  case prm800k, processbench, mrgsm8kOriginal = "mr-gsm8k", prmbench, deepcritic, sft, rollout, problems, generic, reviews
  public var title: String { rawValue }
}
public struct SourceRecord: Sendable {
  public var raw: [UInt8]; public var line: Int; public var format: DatasetFormat; public var hash: [UInt8]; public var content: Content
  public enum Content: Sendable { case solution(Solution, critiques: [Critique]); case solutions([Solution]); case problem(Solution); case review }
}
public struct BadRecord: Error, Sendable, CustomStringConvertible { public var file: String; public var line: Int; public var reason: String; public var remedy: String?
  public init(file: String, line: Int, reason: String, remedy: String? = nil) { self.file=file; self.line=line; self.reason=reason; self.remedy=remedy }
  public var description: String { "\(file):\(line): \(reason)" } }
public struct ReaderLimits: Sendable { public init() {} }
public final class DatasetReader { public init(path: String, format: DatasetFormat? = nil, limits: ReaderLimits = .init()) throws(DatasetError) { fatalError() }
  public enum Item: Sendable { case record(SourceRecord), bad(BadRecord) }
  public func next() throws(DatasetError) -> Item? { nil }
  public var format: DatasetFormat { .generic }; public var bytesRead: Int64 { 0 }; public var totalBytes: Int64 { 0 } }
public enum DatasetError: Error, CustomStringConvertible { case x; public var description: String { "" } }
public enum RecordDecoder { public static func content(of raw: [UInt8], format: DatasetFormat) throws -> SourceRecord.Content { fatalError() } }
public enum RecordEncoder { public static func encode(_ s: Solution, critiques: [Critique], as f: DatasetFormat) throws -> [UInt8] { [] } }
public struct RecordError: Error {}
