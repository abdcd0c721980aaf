// swift-tools-version:6.2
import PackageDescription

let package = Package(
  name: "DeepCritic",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "deepcritic", targets: ["deepcritic"]),
    .library(name: "DeepCriticCore", targets: ["DeepCriticCore"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Numbers, durations, bars, tables and hexadecimal digits as text. Imports nothing of ours.
    .target(name: "Formatting"),

    // Keys that are shown, stored and passed on nowhere. Imports nothing of ours.
    .target(name: "Secrets"),

    // SHA-256 from the system's OpenSSL: every system has it, and compiling a library for it takes minutes.
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .target(name: "Hashing", dependencies: ["COpenSSL"]),

    // Values and rules of the method.
    .target(name: "CritiqueModel", dependencies: ["Formatting", "Hashing"]),

    // TOML 1.0 from files that nobody has checked. Imports nothing.
    .target(name: "TOML"),

    // Lossless JSON. Imports nothing of ours.
    .target(name: "JSON", dependencies: ["Hashing"]),

    // Files in and out.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CFiles"),
    .target(name: "DatasetFormats", dependencies: ["CritiqueModel", "CFiles", "CZlib", "Formatting", "JSON"]),

    // The workspace database: records, the event log, projections, search.
    .target(
      name: "ReviewStore",
      dependencies: [
        "CritiqueModel", "DatasetFormats", "Formatting", "JSON", "TOML", "Hashing",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),

    // Programs that are run for what they print.
    .target(
      name: "Processes", dependencies: ["Secrets", .product(name: "Subprocess", package: "swift-subprocess")]),

    // Talking to OpenAI-compatible servers.
    .target(
      name: "ModelClient",
      dependencies: [
        "Formatting", "JSON", "Secrets",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),

    // One way to ask a model: request identity, plan, resumption, group commit, progress, stop.
    .target(
      name: "ModelRuns",
      dependencies: [
        "CritiqueModel", "Formatting", "JSON", "ModelClient", "Hashing",
      ]),

    // Seed critiques: initial, deep, merged.
    .target(
      name: "CritiqueGeneration",
      dependencies: [
        "CritiqueModel", "DatasetFormats", "Formatting", "JSON", "ModelClient", "ModelRuns", "ReviewStore", "Hashing",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      resources: [.embedInCode("Prompts")]),

    // Labels from rollouts: sampling, grading, estimating.
    .target(
      name: "StepLabeling",
      dependencies: [
        "CritiqueModel", "CritiqueGeneration", "DatasetFormats", "JSON", "ModelClient", "ModelRuns", "ReviewStore",
        "Secrets", "Hashing",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      resources: [.embedInCode("Grader")]),

    // Training sets: labels, reasons, exports, lineage.
    .target(
      name: "Curation",
      dependencies: [
        "CritiqueModel", "CritiqueGeneration", "DatasetFormats", "Formatting", "JSON", "Processes", "ReviewStore",
        "Secrets", "StepLabeling", "Hashing",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),

    // Numbers about reviews: agreement, reviewers, conflicts, items with a known label.
    .target(
      name: "ReviewStatistics",
      dependencies: [
        "CritiqueModel", "CritiqueGeneration", "Curation", "DatasetFormats", "Formatting", "JSON", "ReviewStore",
        "StepLabeling",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),

    // Training runs: specification, engines, launchers, progress.
    .target(
      name: "Training",
      dependencies: [
        "CritiqueModel", "Curation", "CZlib", "DatasetFormats", "Formatting", "JSON", "Processes", "ReviewStore",
        "Secrets", "TOML",
        .product(name: "AsyncHTTPClient", package: "async-http-client"), "Hashing",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [.embedInCode("Python"), .embedInCode("Engines/engines.txt"), .embedInCode("Rehearsal/Shims")]),

    // Critics on benchmarks: protocols, votes, scores, intervals, comparisons, refinement.
    .target(
      name: "Evaluation",
      dependencies: [
        "CritiqueModel", "CritiqueGeneration", "DatasetFormats", "Formatting", "JSON", "ModelClient", "ModelRuns",
        "ReviewStore",
        "StepLabeling", "Hashing",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),

    // The public library: everything a front end needs.
    .target(
      name: "DeepCriticCore",
      dependencies: [
        "CritiqueModel", "DatasetFormats", "Formatting", "JSON", "ReviewStore", "ModelClient", "ModelRuns",
        "CritiqueGeneration",
        "Curation",
        "ReviewStatistics", "Secrets", "StepLabeling", "Training", "Evaluation",
      ]),

    // LaTeX and Markdown to lines for a terminal. Imports nothing.
    .target(name: "MathText"),

    // The terminal: knows nothing about critiques.
    .target(
      name: "CTerminal",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "Terminal", dependencies: ["CTerminal", "Formatting", "Secrets"]),

    // Screens as casts, pages, pictures and text. Knows nothing about critiques.
    .target(name: "Recording", dependencies: ["Formatting", "JSON", "Terminal"], resources: [.embedInCode("Player")]),

    // Screens and actions: the one place where Terminal and DeepCriticCore meet.
    .target(
      name: "Workbench",
      dependencies: [
        "DeepCriticCore", "MathText", "Recording", "Terminal", "TOML",
      ],
      // Links to top-level folders: the built-in themes and demonstrations are those files.
      resources: [.embedInCode("Themes"), .embedInCode("Demonstrations")]),

    // The command line: one file per subcommand.
    .executableTarget(
      name: "deepcritic",
      dependencies: [
        "Workbench", "DeepCriticCore", "MathText", "Processes", "Recording", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // An OpenAI-compatible server that fails on request: for tests and benchmarks.
    .target(
      name: "FaultServer",
      dependencies: [
        "JSON",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Tests/FaultServer"),
    .executableTarget(
      name: "fault-server",
      dependencies: [
        "DatasetFormats", "FaultServer", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/FaultServerMain"),
    // The client and the planner by themselves, for scripts/bench.
    .executableTarget(
      name: "generate-bench",
      dependencies: ["DeepCriticCore", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "Tests/GenerateBench"),

    // A file layer of SQLite that fails on purpose, and what is driven over it: scripts/inject.
    .target(
      name: "FaultVFS", dependencies: [.product(name: "GRDBSQLite", package: "GRDB.swift")], path: "Tests/FaultVFS"),
    .executableTarget(
      name: "fault-injection",
      dependencies: [
        "DeepCriticCore", "FaultVFS", "Formatting", "ReviewStore", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Tests/FaultInjection"),

    // What tests of several modules share.
    .target(name: "TestSupport", path: "Tests/TestSupport"),

    .testTarget(name: "CritiqueModelTests", dependencies: ["CritiqueModel"]),
    .testTarget(name: "FormattingTests", dependencies: ["Formatting"]),
    .testTarget(name: "TOMLTests", dependencies: ["TOML"]),
    .testTarget(name: "HashingTests", dependencies: ["Formatting", "Hashing"]),
    .testTarget(name: "SecretsTests", dependencies: ["Secrets"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"]),
    .testTarget(name: "DatasetFormatsTests", dependencies: ["DatasetFormats", "JSON", "TestSupport"]),
    .testTarget(
      name: "ReviewStoreTests", dependencies: ["DeepCriticCore", "ReviewStore", "TestSupport", "fault-injection"],
      exclude: ["Workspaces"]),
    .testTarget(name: "ModelClientTests", dependencies: ["JSON", "ModelClient", "FaultServer", "Secrets"]),
    .testTarget(name: "ModelRunsTests", dependencies: ["Formatting", "ModelRuns", "ModelClient", "FaultServer"]),
    .testTarget(
      name: "CritiqueGenerationTests",
      dependencies: ["DeepCriticCore", "CritiqueGeneration", "ReviewStore", "FaultServer", "TestSupport"]),
    .testTarget(
      name: "CurationTests",
      dependencies: ["DeepCriticCore", "Curation", "CritiqueGeneration", "ReviewStore", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "ReviewStatisticsTests",
      dependencies: ["DeepCriticCore", "ReviewStatistics", "Curation", "ReviewStore", "TestSupport"]),
    .testTarget(
      name: "StepLabelingTests",
      dependencies: ["DeepCriticCore", "StepLabeling", "CritiqueGeneration", "ReviewStore", "FaultServer"]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "DeepCriticCore", "Evaluation", "CritiqueGeneration", "Processes", "StepLabeling", "ReviewStore", "FaultServer",
        "TestSupport",
      ],
      exclude: ["Reference"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "DeepCriticCore", "Training", "Processes", "ReviewStore", "TestSupport",
        .product(name: "Yams", package: "Yams"),
      ]),
    .testTarget(name: "DeepCriticCoreTests", dependencies: ["DeepCriticCore", "FaultServer", "TestSupport"]),
    .testTarget(name: "MathTextTests", dependencies: ["MathText", "TestSupport"], exclude: ["Cases"]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal", "TestSupport"]),
    .testTarget(
      name: "RecordingTests",
      dependencies: ["Recording", "Terminal", "TestSupport", "Hashing"]),
    .testTarget(
      name: "WorkbenchTests", dependencies: ["Workbench", "Recording", "TestSupport"], exclude: ["Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)

// Readers under libFuzzer, which brings a `main` of its own: scripts/fuzz builds it.
if Context.environment["DEEPCRITIC_FUZZ_BUILD"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz-readers", dependencies: ["DeepCriticCore", "MathText", "Recording", "TOML", "Terminal", "Workbench"],
      path: "Tests/Fuzz", exclude: ["Corpus", "Dictionaries"]))
}
