import Testing

/// A book of 2,345 customers, made once for a suite and served from copies.
enum EndToEndBook {
    static let count = 2_345
    /// What the sandbox lists at once, and so what an export asks for.
    static let pageSize = 100
    /// The pages of the book.
    static let pages = (count + pageSize - 1) / pageSize

    @TaskLocal fileprivate static var folder: CommandLineFolder?

    private static let file = "book.sqlite"

    static let externalIDs = (1...count).map { "p\($0)" }

    /// Makes the book in a folder.
    fileprivate static func make() async throws -> CommandLineFolder {
        let folder = try CommandLineFolder()
        let people = externalIDs.map { "\($0),\($0)@example.com,Person \($0),pro\n" }
        try folder.write(
            "people.csv",
            "externalId,email,name,metadata.plan\n" + people.joined()
        )
        let run = try await folder.run(
            "import",
            "people.csv",
            "--sandbox",
            "--sandbox-database",
            file
        )
        try #require(run.exit == 0, "\(run.errors)")
        return folder
    }

    /// Serves a copy of the book while `body` runs.
    static func serving<Value: Sendable>(
        _ arguments: [String] = [],
        in folder: CommandLineFolder,
        body: @Sendable (EndToEndServer) async throws -> Value
    ) async throws -> Value {
        let source = try #require(Self.folder, "the suite lacks the trait .exportBook")
        // Beside its file a database may have a log of what is not in the file yet.
        for suffix in ["", "-wal", "-shm"] where source.exists(file + suffix) {
            try folder.write(file + suffix, bytes: source.bytes(file + suffix))
        }
        return try await EndToEndServer.serving(
            arguments,
            database: folder.file(file),
            body: body
        )
    }
}

/// Makes the book before the tests of a suite, and removes it behind them.
struct EndToEndBookTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let folder = try await EndToEndBook.make()
        try await EndToEndBook.$folder.withValue(folder) { try await function() }
    }
}

extension Trait where Self == EndToEndBookTrait {
    /// The tests of the suite read `EndToEndBook`.
    static var exportBook: Self { Self() }
}
