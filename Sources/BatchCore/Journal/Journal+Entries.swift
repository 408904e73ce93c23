import FoundationEssentials
import GRDB
import Plugipay

/// The decisions.
extension Journal {
    /// Adds the entry of a new decision.
    ///
    /// - Parameter entry: The entry. Its id is not read, nor what only an answer can tell.
    /// - Returns: The id that it got.
    /// - Throws: `JournalError` when it cannot be written.
    package func insert(_ entry: JournalEntry) throws(JournalError) -> Int {
        try write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO entry (identity, body, external_id, ordinal, epoch, previous, run,
                      place, state, http_status, attempts, first_intent)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
                    """
            )
            statement.setUncheckedArguments([
                Data(entry.identity.bytes), Data(entry.body.bytes), entry.externalID,
                entry.ordinal, entry.epoch, entry.previous, entry.run, entry.place.key,
                entry.state.rawValue, entry.attempts, entry.firstIntent?.millisecondsSince1970,
            ])
            try statement.execute()
            return Int(database.lastInsertedRowID)
        }
    }

    /// Writes what may have changed in an entry: all but what it is about (identity, body,
    /// externalId, ordinal) and the entry before it.
    package func update(_ entry: JournalEntry) throws(JournalError) {
        let sent: Digest? = entry.sentBody == entry.body ? nil : entry.sentBody
        try write { database in
            let statement = try database.cachedStatement(sql: Self.updateSQL)
            statement.setUncheckedArguments([
                entry.epoch, entry.run, entry.place.key, entry.state.rawValue,
                entry.operation.patched?.id, entry.operation.patched?.updatedAt,
                sent.map { Data($0.bytes) }, entry.customerID, entry.httpStatus, entry.errorCode,
                entry.errorField, entry.message, entry.requestID, entry.attempts,
                entry.firstIntent?.millisecondsSince1970, entry.settledAt?.millisecondsSince1970,
                entry.id,
            ])
            try statement.execute()
        }
    }

    private static let updateSQL = """
        UPDATE entry SET epoch = ?, run = ?, place = ?, state = ?, patched_id = ?,
          patched_at = ?, sent_body = ?, customer_id = ?, http_status = ?, error_code = ?,
          error_field = ?, message = ?, request_id = ?, attempts = ?, first_intent = ?,
          settled_at = ?
        WHERE id = ?
        """

    /// The entry with a number.
    package func entry(_ id: Int) throws(JournalError) -> JournalEntry? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT \(Self.columns) FROM entry WHERE id = ?"
            )
            return try Row.fetchOne(statement, arguments: [id]).map(Self.entry)
        }
    }

    /// The entries with numbers from one on, for reading in order.
    package func entries(from id: Int, limit: Int) throws(JournalError) -> [JournalEntry] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT \(Self.columns) FROM entry WHERE id >= ? ORDER BY id LIMIT ?"
            )
            return try Row.fetchAll(statement, arguments: [id, limit]).map(Self.entry)
        }
    }

    /// Number, identity and body of an entry: what the identity index is rebuilt from.
    package struct Identified: Sendable, Hashable {
        /// The entry's number.
        package var id: Int
        /// Whose entry it is.
        package var identity: Digest
        /// The SHA-256 of the body that was asked for.
        package var body: Digest
    }

    /// The identities of the entries with numbers from one on, oldest first.
    ///
    /// - Parameters:
    ///   - id: The first number.
    ///   - limit: The most entries to give.
    /// - Returns: The entries; none at the end of the journal.
    /// - Throws: `JournalError` when the journal cannot be read.
    package func identities(from id: Int, limit: Int) throws(JournalError) -> [Identified] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT id, identity, body FROM entry WHERE id >= ? ORDER BY id LIMIT ?"
            )
            var found: [Identified] = []
            let rows = try Row.fetchCursor(statement, arguments: [id, limit])
            while let row = try rows.next() {
                found.append(
                    Identified(
                        id: row[0],
                        identity: try Self.digest(row, 1),
                        body: try Self.digest(row, 2)
                    )
                )
            }
            return found
        }
    }

    /// Whether a customer already stands for another row without an externalId: no record may serve
    /// two rows.
    ///
    /// - Parameters:
    ///   - customerID: The customer.
    ///   - entry: The entry that asks.
    /// - Returns: Whether any other entry without an externalId has it.
    /// - Throws: `JournalError` when it cannot be read.
    package func isClaimed(
        _ customerID: String,
        byOtherThan entry: Int
    ) throws(JournalError) -> Bool {
        try read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM entry
                      WHERE external_id IS NULL AND customer_id = ? AND id <> ?)
                    """,
                arguments: [customerID, entry]
            ) ?? false
        }
    }

    /// How many entries stand open: in doubt, when nobody is running.
    package func openCount() throws(JournalError) -> Int {
        try read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM entry WHERE state = 'open'") ?? 0
        }
    }

    private static let columns = """
        id, identity, body, external_id, ordinal, epoch, previous, run, place, state, patched_id, \
        patched_at, sent_body, customer_id, http_status, error_code, error_field, message, \
        request_id, attempts, first_intent, settled_at
        """

    private static func digest(_ row: Row, _ column: Int) throws(JournalError) -> Digest {
        guard let digest = Digest(bytes: (row[column] as Data?) ?? Data()) else {
            throw JournalError(code: .damaged, message: "the journal holds a hash of wrong length")
        }
        return digest
    }

    private static func entry(_ row: Row) throws(JournalError) -> JournalEntry {
        let body = try digest(row, 2)
        guard let state = JournalEntry.State(rawValue: row[9]) else {
            throw JournalError(code: .damaged, message: "the journal holds an unknown state")
        }
        var entry = JournalEntry(
            id: row[0],
            identity: try digest(row, 1),
            body: body,
            run: row[7],
            place: RowPlace(key: row[8]),
            sentBody: row.hasNull(atIndex: 12) ? body : try digest(row, 12)
        )
        entry.externalID = row[3]
        entry.ordinal = row[4]
        entry.epoch = row[5]
        entry.previous = row[6]
        entry.state = state
        if let id = row[10] as String?, let updatedAt = row[11] as String? {
            entry.operation = .update(id: id, updatedAt: updatedAt)
        }
        entry.customerID = row[13]
        entry.httpStatus = row[14]
        entry.errorCode = row[15]
        entry.errorField = row[16]
        entry.message = row[17]
        entry.requestID = row[18]
        entry.attempts = row[19]
        entry.firstIntent = (row[20] as Int64?).map(Timestamp.init(millisecondsSince1970:))
        entry.settledAt = (row[21] as Int64?).map(Timestamp.init(millisecondsSince1970:))
        return entry
    }
}

extension IdempotencyKey.Operation {
    fileprivate var patched: (id: String, updatedAt: String)? {
        guard case .update(let id, let updatedAt) = self else { return nil }
        return (id, updatedAt)
    }
}
