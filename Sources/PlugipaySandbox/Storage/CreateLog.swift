import GRDB

/// The append-only log of creates.
struct CreateLog {
    let db: Database

    func append(_ customer: Customer, _ write: WriteRequest) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO createLog VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        try statement.execute(arguments: [
            customer.createdAt.milliseconds, write.book.workspace, write.book.mode.rawValue,
            customer.id, customer.fields[.externalID], write.idempotencyKey, write.bodyHash,
            write.requestID,
        ])
    }

    /// Up to `limit` lines that follow `sequence`, in order.
    func lines(after sequence: Int64, limit: Int) throws -> [SandboxCreate] {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM createLog WHERE sequence > ? ORDER BY sequence LIMIT ?"
        )
        return try Row.fetchAll(statement, arguments: [sequence, limit]).map { row in
            SandboxCreate(
                sequence: row["sequence"],
                time: row["time"],
                workspace: row["workspace"],
                mode: row["mode"] == SandboxKey.Mode.live.rawValue ? .live : .test,
                customerID: row["customerID"],
                externalID: row["externalID"],
                idempotencyKey: row["idempotencyKey"],
                bodySHA256: row["bodyHash"],
                requestID: row["requestID"]
            )
        }
    }
}
