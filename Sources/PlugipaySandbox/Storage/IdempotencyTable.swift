import GRDB

/// The answers that keys are repeated with (contract, section 10).
struct IdempotencyTable {
    let db: Database

    /// The answer stored for this key, if it has not expired; another body is refused.
    func answer(to write: WriteRequest, key: String, at now: Timestamp) throws -> StoredAnswer? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT bodyHash, status, body FROM idempotency
                WHERE workspace = ? AND mode = ? AND method = ? AND path = ? AND key = ?
                    AND expiresAt > ?
                """
        )
        let arguments = StatementArguments(place(of: write, key: key)) + [now.milliseconds]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
        guard row["bodyHash"] == write.bodyHash else { throw APIError.keyMismatch }
        return StoredAnswer(status: row["status"], body: row["body"])
    }

    /// Stores an answer over an expired one.
    func store(
        _ answer: StoredAnswer,
        to write: WriteRequest,
        key: String,
        until expiry: Timestamp
    ) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        let entry: StatementArguments = [
            write.bodyHash, answer.status, answer.body, expiry.milliseconds,
        ]
        try statement.execute(arguments: StatementArguments(place(of: write, key: key)) + entry)
    }

    static func removeExpired(_ db: Database, at now: Timestamp) throws {
        try db.execute(
            sql: "DELETE FROM idempotency WHERE expiresAt <= ?",
            arguments: [now.milliseconds]
        )
    }

    private func place(of write: WriteRequest, key: String) -> [String] {
        [write.book.workspace, write.book.mode.rawValue, write.method, write.path, key]
    }
}
