import GRDB

/// The database of a sandbox: reads go to it directly, writes through the single writer.
struct CustomerStore: Sendable {
    private let database: any DatabaseWriter
    let writer: GroupCommit

    init(configuration: SandboxConfiguration) throws {
        let database = try Self.open(configuration.storage)
        self.database = database
        let now = configuration.clock.timestamp
        let latest = try database.write { db in
            try StoreSchema.prepare(db)
            try IdempotencyTable.removeExpired(db, at: now)
            return try Int64.fetchOne(db, sql: "SELECT max(createdAt) FROM customer") ?? 0
        }
        writer = GroupCommit(
            database: database,
            clock: configuration.clock,
            writer: CustomerWriter(
                profile: configuration.profile,
                idempotencyTTL: configuration.idempotencyTTL,
                seed: configuration.seed,
                latest: Timestamp(milliseconds: latest + 1)
            )
        )
    }

    func customer(id: String, in book: Book) async throws -> Customer? {
        try await database.read { try CustomerTable(db: $0, book: book).find(id: id) }
    }

    func customers(_ query: ListQuery, in book: Book) async throws -> [Customer] {
        try await database.read { try CustomerTable(db: $0, book: book).list(query) }
    }

    func creates(after sequence: Int64, limit: Int) async throws -> [SandboxCreate] {
        try await database.read { try CreateLog(db: $0).lines(after: sequence, limit: limit) }
    }

    /// Closes the database, so that its file is whole without the WAL beside it.
    func close() throws {
        try database.close()
    }

    /// WAL with synchronous=NORMAL, GRDB's setting for pools: a power cut may take the last
    /// commits back, which is good enough for a book that is meant to be thrown away.
    private static func open(_ storage: SandboxConfiguration.Storage) throws -> any DatabaseWriter {
        guard case .file(let path) = storage else { return try DatabaseQueue() }
        try DatabaseFile.prepare(path: path)
        do {
            try refuseStrangers(path)
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            return try DatabasePool(path: path, configuration: configuration)
        } catch let error as DatabaseError {
            throw SandboxError(
                .cannotOpen,
                "The database \(path) cannot be opened. Name another file, or delete it.",
                cause: error
            )
        }
    }

    /// Looks before it opens: opening for writing already changes the journal mode.
    private static func refuseStrangers(_ path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let isOurs = try DatabaseQueue(path: path, configuration: configuration)
            .read(StoreSchema.isOurs)
        guard isOurs else {
            throw SandboxError(
                .cannotOpen,
                "The database \(path) holds something else than a sandbox's book. "
                    + "Name another file."
            )
        }
    }
}
