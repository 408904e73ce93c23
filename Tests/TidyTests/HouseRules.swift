/// The rules of the house that a machine can check: every number, list and exception of TidyTests.
enum HouseRules {
    // MARK: Sizes

    static let lineWidth = 100
    static let sourceFileLines = 400
    static let sourceFileLinesMedian = 120
    static let testFileLines = 600
    /// A function is shorter than this, from the line of its name to its closing brace.
    static let functionLines = 60

    // MARK: Imports

    /// What the language and the platform bring; any module may import it.
    static let platformModules: Set = ["Synchronization", "Glibc", "Musl", "Darwin"]

    /// The arrows of the house: module -> what it may import beside the platform.
    static let imports: [String: Set<String>] = [
        "RowIO": ["CZlib", "SystemPackage"],
        "Plugipay": [
            "AsyncHTTPClient", "Crypto", "FoundationEssentials", "NIOCore", "NIOHTTP1", "NIOPosix",
            "NIOSSL",
        ],
        "BatchCore": [
            "Crypto", "DequeModule", "FoundationEssentials", "GRDB", "HeapModule", "Histogram",
            "Plugipay", "RowIO", "SystemPackage",
        ],
        "PlugipaySandbox": [
            "Crypto", "FoundationEssentials", "GRDB", "HTTPTypes", "Hummingbird", "Logging",
            "HummingbirdCore", "NIOCore", "NIOPosix", "ServiceLifecycle",
        ],
        "plugipay-batch": [
            "ArgumentParser", "BatchCore", "FoundationEssentials", "Logging", "Plugipay",
            "PlugipaySandbox", "RowIO", "SystemPackage", "UnixSignals",
        ],
    ]

    /// Modules that one file alone may import, so that they can be replaced there.
    static let loneImporters = [
        "AsyncHTTPClient": "Sources/Plugipay/HTTP/AsyncHTTPClientTransport.swift"
    ]

    // MARK: Words

    /// Where the machine's clocks and random numbers are taken up, to be handed in elsewhere.
    static let composition = [
        "Sources/Plugipay/IdempotencyKeySource.swift",
        "Sources/Plugipay/Signing/LocalClock.swift",
        "Sources/PlugipaySandbox/Sandbox.swift",
        "Sources/plugipay-batch/",
    ]

    static let forbiddenWords: [ForbiddenWord] =
        [
            .init("@unchecked Sendable", why: "the compiler proves it, or a Mutex makes it true"),
            .init("nonisolated(unsafe)", why: "shared state lives in a Mutex"),
            .init("try!", why: "an error is handled or thrown on"),
            .init("as!", why: "a type that may differ is a case to handle"),
            .init("Task.detached", why: "a task belongs to a group that waits for it"),
            .init("fatalError", why: "an error is thrown, a broken promise is a precondition"),
            .init("URLSession", why: "on Linux it sends a POST again by itself"),
            .init("TODO", why: "what is missing stands in an issue", inComments: true),
            .init("FIXME", why: "what is wrong is mended", inComments: true),
            .init(
                "print(",
                why: "only commands write to the screen",
                except: ["Sources/plugipay-batch/"]
            ),
        ] + ambientTimeAndChance

    private static let ambientTimeAndChance: [ForbiddenWord] = [
        "Date()", "Date.now", "ContinuousClock()", "ContinuousClock.now", "SuspendingClock()",
        "SuspendingClock.now", "SystemRandomNumberGenerator",
    ].map {
        ForbiddenWord($0, why: "clocks and random numbers are handed in", except: composition)
    }

    // MARK: Folders

    static let libraries = ["RowIO", "Plugipay", "BatchCore", "PlugipaySandbox"]
    /// Folders of Tests that mirror no module.
    static let otherTestFolders: Set = [
        "EndToEndTests", "Interplay", "SimulationTests", "TestSupport", "TidyTests",
    ]
    /// Folders inside a test folder that mirror no folder of its module.
    static let testDataFolders: Set = ["Fixtures", "Snippets", "Support", "Vectors"]

    static let scripts = [
        ".ci/run", "scripts/bench", "scripts/demo", "scripts/docs", "scripts/lint",
        "scripts/manual", "scripts/setup", "scripts/test",
    ]
    static let samples = [
        "samples/customers.csv", "samples/customers.csv.gz", "samples/customers.jsonl",
        "samples/dirty.csv",
    ]
}
