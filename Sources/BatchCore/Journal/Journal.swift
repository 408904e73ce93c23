import GRDB
package import Plugipay

/// The memory of a job: what was asked for, what may have been sent, what came of it.
///
/// Synchronous, and owned by one loop. Every write goes into the open transaction and is readable
/// here at once; `commit` makes it durable (WAL, synchronous FULL). The two rules that keep the
/// promise: an intent is committed before its first byte leaves, and an outcome is reported only
/// from here. A commit that fails is fatal, and is never tried again: after a failed fsync the
/// operating system may have dropped what it could not write.
package final class Journal {
    let queue: DatabaseQueue
    private let path: String
    private var isInTransaction = false

    /// The name of the file in a job folder.
    package static let fileName = "journal.sqlite"

    private init(queue: DatabaseQueue, path: String) {
        self.queue = queue
        self.path = path
    }

    /// Opens the journal of a job for its owner, and makes it if it is not there.
    ///
    /// - Parameter path: The path of an existing file, empty or a journal. The caller makes the
    ///   file, so that it is private from its first byte.
    /// - Returns: The journal.
    /// - Throws: `JournalError` when the file is damaged, newer, or cannot be written.
    package static func open(_ path: String) throws(JournalError) -> Journal {
        try open(path) {
            try DatabaseQueue(path: path, configuration: configuration(isOwner: true))
        }
    }

    /// A journal that lives in memory, for tests.
    ///
    /// - Returns: An empty journal.
    /// - Throws: `JournalError` when SQLite cannot be used.
    package static func inMemory() throws(JournalError) -> Journal {
        try open("memory") { try DatabaseQueue(configuration: configuration(isOwner: true)) }
    }

    /// Opens the journal of a job to look at it, while its owner may be writing.
    ///
    /// - Parameter path: The path of a journal.
    /// - Returns: The journal; writing to it is an error.
    /// - Throws: `JournalError` when the file is damaged or newer.
    package static func openForReading(_ path: String) throws(JournalError) -> Journal {
        let journal = try wrap(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration(isOwner: false))
            return Journal(queue: queue, path: path)
        }
        try journal.requireKnownFormat()
        return journal
    }

    /// Ends the open transaction: when this returns, everything written so far is durable.
    ///
    /// - Parameter signUntil: With intents: the server time after which nothing may be signed
    ///   without another commit. From it the fence of every open intent counts after a crash.
    /// - Throws: `JournalError`; the run must end, and nothing more may be sent.
    package func commit(signUntil: Timestamp? = nil) throws(JournalError) {
        if let signUntil {
            try write { database in
                try database.execute(
                    sql: "UPDATE job SET sign_until = ?",
                    arguments: [signUntil.millisecondsSince1970]
                )
            }
        }
        guard isInTransaction else { return }
        isInTransaction = false
        try perform { try $0.commit() }
    }

    /// Commits and closes.
    ///
    /// The last connection to go moves the log into the file; while somebody looks at the job, the
    /// log stays, and is as durable.
    ///
    /// - Throws: `JournalError` when the last commit failed.
    package func close() throws(JournalError) {
        try commit()
        do { try queue.close() } catch { throw Self.storage(path, error) }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        try perform(body)
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        if !isInTransaction {
            try perform { try $0.beginTransaction(.immediate) }
            isInTransaction = true
        }
        return try perform(body)
    }

    private func perform<Value>(
        _ body: (Database) throws -> Value
    ) throws(JournalError) -> Value {
        try Self.wrap(path) { try queue.writeWithoutTransaction(body) }
    }
}

// MARK: - Opening

extension Journal {
    private static func open(
        _ path: String,
        queue: () throws -> DatabaseQueue
    ) throws(JournalError) -> Journal {
        let journal = try wrap(path) { Journal(queue: try queue(), path: path) }
        if try journal.isEmpty() {
            try journal.write { try $0.execute(sql: JournalSchema.tables) }
        } else {
            try journal.requireKnownFormat()
        }
        return journal
    }

    private func isEmpty() throws(JournalError) -> Bool {
        // Not "has no tables of ours": somebody else's database must stay as it is.
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") == 0 }
    }

    private func requireKnownFormat() throws(JournalError) {
        let format = try read { database -> Int? in
            guard try database.tableExists("job"), try database.tableExists("entry") else {
                return -1
            }
            return try Int.fetchOne(database, sql: "SELECT format FROM job")
        }
        guard let format, format != JournalSchema.format else { return }
        guard format > JournalSchema.format else {
            throw JournalError(
                code: .damaged,
                message: "\(path) is not a journal of this program, or the run that made it ended "
                    + "before it began"
            )
        }
        throw JournalError(
            code: .newerFormat,
            message: "\(path) has journal format \(format); this version knows "
                + "\(JournalSchema.format). Use the version that wrote it, or another --job"
        )
    }

    private static func configuration(isOwner: Bool) -> GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.readonly = !isOwner
        // A transaction stays open from one event of the loop to the next, until `commit`.
        configuration.allowsUnsafeTransactions = true
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(5)
        guard isOwner else { return configuration }
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        return configuration
    }

    private static func wrap<Value>(
        _ path: String,
        _ body: () throws -> Value
    ) throws(JournalError) -> Value {
        do {
            return try body()
        } catch {
            throw storage(path, error)
        }
    }

    private static func storage(_ path: String, _ error: any Error) -> JournalError {
        if let error = error as? JournalError { return error }
        let code = (error as? DatabaseError)?.resultCode
        guard code == .SQLITE_CORRUPT || code == .SQLITE_NOTADB else {
            return JournalError(
                code: .storage,
                message: "cannot write or read \(path): \(reason(error)). "
                    + "Nothing more was sent; mend it and run the same command again",
                cause: error
            )
        }
        return JournalError(
            code: .damaged,
            message: "\(path) is damaged. Put a copy back, or start with another --job; "
                + "rows that carry an externalId are then found, not created again",
            cause: error
        )
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_FULL: "the disk is full"
        case .SQLITE_READONLY: "it is read-only"
        case .SQLITE_CANTOPEN: "it cannot be opened"
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another process holds it"
        case .SQLITE_IOERR: "the disk reported an error"
        default: "unexpected error"
        }
    }
}
