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
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // Values and rules of the method. Imports nothing of ours.
    .target(name: "CritiqueModel", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),

    // Files in and out.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CFiles"),
    .target(
      name: "DatasetFormats",
      dependencies: ["CritiqueModel", "CFiles", "CZlib", .product(name: "Crypto", package: "swift-crypto")]),

    // The workspace database: records, the event log, projections, search.
    .target(
      name: "ReviewStore",
      dependencies: [
        "CritiqueModel", "DatasetFormats", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ]),

    // Programs that are run for what they print.
    .target(name: "Processes", dependencies: [.product(name: "Subprocess", package: "swift-subprocess")]),

    // Talking to OpenAI-compatible servers.
    .target(
      name: "ModelClient",
      dependencies: [
        "DatasetFormats",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),

    // Seed critiques: initial, deep, merged.
    .target(
      name: "CritiqueGeneration",
      dependencies: [
        "CritiqueModel", "DatasetFormats", "ModelClient", "ReviewStore",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      resources: [.embedInCode("Prompts")]),

    // Training sets: labels, reasons, exports, lineage.
    .target(
      name: "Curation",
      dependencies: [
        "CritiqueModel", "CritiqueGeneration", "DatasetFormats", "ReviewStore",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),

    // Numbers about reviews: agreement, reviewers, conflicts, items with a known label.
    .target(name: "ReviewStatistics", dependencies: ["CritiqueModel", "Curation", "ReviewStore"]),

    // Labels from roll-outs: sampling, grading, estimating.
    .target(
      name: "StepLabeling",
      dependencies: [
        "CritiqueModel", "CritiqueGeneration", "DatasetFormats", "ModelClient", "ReviewStore",
      ],
      resources: [.embedInCode("Grader")]),

    // Training runs: specification, engines, launchers, progress.
    .target(
      name: "Training",
      dependencies: [
        "CritiqueModel", "CZlib", "DatasetFormats", "Processes", "ReviewStore",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "TOMLKit", package: "TOMLKit"),
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [.embedInCode("Python"), .embedInCode("Engines/engines.txt")]),

    // Critics on benchmarks: protocols, votes, scores, intervals, comparisons, refinement.
    .target(
      name: "Evaluation",
      dependencies: [
        "CritiqueModel", "CritiqueGeneration", "DatasetFormats", "ModelClient", "ReviewStore", "StepLabeling",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),

    // The public library: everything a front end needs.
    .target(
      name: "DeepCriticCore",
      dependencies: [
        "CritiqueModel", "DatasetFormats", "ReviewStore", "ModelClient", "CritiqueGeneration", "Curation",
        "ReviewStatistics", "StepLabeling", "Training", "Evaluation",
      ]),

    // LaTeX and Markdown to lines for a terminal. Imports nothing.
    .target(name: "MathText"),

    // The terminal: knows nothing about critiques.
    .target(
      name: "CTerminal",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "Terminal", dependencies: ["CTerminal"]),

    // Screens as casts, pages, pictures and text. Knows nothing about critiques.
    .target(name: "Recording", dependencies: ["Terminal"], resources: [.embedInCode("Player")]),

    // Screens and actions: the one place where Terminal and DeepCriticCore meet.
    .target(
      name: "Workbench",
      dependencies: [
        "DeepCriticCore", "MathText", "Recording", "Terminal",
        .product(name: "TOMLKit", package: "TOMLKit"),
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
        "DatasetFormats",
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

    // What tests of several modules share.
    .target(name: "TestSupport", path: "Tests/TestSupport"),

    .testTarget(name: "CritiqueModelTests", dependencies: ["CritiqueModel"]),
    .testTarget(name: "DatasetFormatsTests", dependencies: ["DatasetFormats", "TestSupport"]),
    .testTarget(name: "ReviewStoreTests", dependencies: ["ReviewStore", "TestSupport"]),
    .testTarget(name: "ModelClientTests", dependencies: ["ModelClient", "FaultServer"]),
    .testTarget(
      name: "CritiqueGenerationTests",
      dependencies: ["CritiqueGeneration", "ReviewStore", "FaultServer", "TestSupport"]),
    .testTarget(
      name: "CurationTests", dependencies: ["Curation", "CritiqueGeneration", "ReviewStore", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "ReviewStatisticsTests", dependencies: ["ReviewStatistics", "Curation", "ReviewStore", "TestSupport"]),
    .testTarget(
      name: "StepLabelingTests",
      dependencies: ["StepLabeling", "CritiqueGeneration", "ReviewStore", "FaultServer"]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Evaluation", "CritiqueGeneration", "StepLabeling", "ReviewStore", "FaultServer", "TestSupport"],
      exclude: ["Reference"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Training", "Processes", "ReviewStore", "TestSupport", .product(name: "Yams", package: "Yams")]),
    .testTarget(name: "MathTextTests", dependencies: ["MathText", "TestSupport"], exclude: ["Cases"]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal", "TestSupport"]),
    .testTarget(
      name: "RecordingTests",
      dependencies: ["Recording", "Terminal", "TestSupport", .product(name: "Crypto", package: "swift-crypto")]),
    .testTarget(
      name: "WorkbenchTests", dependencies: ["Workbench", "Recording", "TestSupport"], exclude: ["Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)
