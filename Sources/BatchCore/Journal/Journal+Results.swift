import GRDB

/// One line of `results.csv`, as the journal tells it.
package struct ResultLine: Sendable, Hashable {
    /// Where the row stands.
    package var place: RowPlace
    /// The physical line on which it starts, from 1.
    package var line: Int
    /// Its first byte in the uncompressed input.
    package var offset: Int64
    /// Its bytes, line end included.
    package var length: Int
    /// What became of it.
    package var status: RowStatus
    /// The customer, if known.
    package var customerID: String?
    /// The row's externalId, if it has one.
    package var externalID: String?
    /// The status of the answer that decided; `nil` when none did.
    package var httpStatus: Int?
    /// The code or codes of the error.
    package var errorCode: String?
    /// The field or fields of the error.
    package var errorField: String?
    /// A word for the user.
    package var message: String?
    /// The server's id of the request that decided.
    package var requestID: String?
    /// The key of the last write; `nil` when the row has sent none.
    package var key: String?
    /// POST and PATCH sent and not answered 429.
    package var attempts: Int
}

extension Journal {
    /// Gives the results of the latest run's rows, in input order.
    ///
    /// - Parameters:
    ///   - scope: The mode and namespace of that run, from which keys are derived.
    ///   - body: Takes one line after the other.
    /// - Throws: `JournalError`, or what `body` throws.
    package func forEachResult(
        in scope: KeyScope,
        _ body: (ResultLine) throws -> Void
    ) throws {
        var entries = EntryReader(self)
        for input in try inputs() {
            var next = keys(of: input).lowerBound
            let last = keys(of: input).upperBound
            while next <= last {
                let rows = try listings(from: RowPlace(key: next), limit: Self.pageSize)
                    .prefix { $0.place.key <= last }
                guard let end = rows.last?.place.key else { break }
                for row in rows {
                    let entry = try row.entry.flatMap { try entries.entry($0) }
                    try body(Self.result(of: row, entry, in: scope))
                }
                next = end + 1
            }
        }
    }

    /// Counts the latest run's rows by status; the statuses that no row has are zero.
    package func counts() throws(JournalError) -> [RowStatus: Int] {
        var counts = Dictionary(uniqueKeysWithValues: RowStatus.allCases.map { ($0, 0) })
        for input in try inputs() {
            let range = keys(of: input)
            let found = try read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT coalesce(row.status, entry.state), count(*)
                        FROM row LEFT JOIN entry ON entry.id = row.entry
                        WHERE row.place BETWEEN ? AND ? GROUP BY 1
                        """,
                    arguments: [range.lowerBound, range.upperBound]
                ).map { ($0[0] as String? ?? "", $0[1] as Int) }
            }
            for (text, count) in found {
                counts[Self.status(text), default: 0] += count
            }
        }
        return counts
    }

    private static let pageSize = 512

    private static func result(
        of row: RowListing,
        _ entry: JournalEntry?,
        in scope: KeyScope
    ) -> ResultLine {
        var line = ResultLine(
            place: row.place,
            line: row.line,
            offset: row.offset,
            length: row.length,
            status: row.status ?? .notAttempted,
            externalID: row.externalID,
            errorCode: row.errorCode,
            errorField: row.errorField,
            message: row.message,
            attempts: 0
        )
        guard let entry else { return line }
        line.externalID = entry.externalID
        line.customerID = entry.customerID
        guard row.status == nil else { return line }
        line.status = status(entry.state.rawValue)
        line.httpStatus = entry.httpStatus == 0 ? nil : entry.httpStatus
        line.errorCode = entry.errorCode
        if entry.state == .open { line.errorCode = "in_doubt" }
        line.errorField = entry.errorField
        line.message = entry.message
        line.requestID = entry.requestID
        line.attempts = entry.attempts
        if entry.firstIntent != nil { line.key = entry.key(in: scope).text }
        return line
    }

    /// The status of a stored state: an intent of a run that did not end may or may not have been
    /// carried out, and one that was taken back was not attempted.
    private static func status(_ text: String) -> RowStatus {
        switch JournalEntry.State(rawValue: text) {
        case .open: .unknown
        case .withdrawn: .notAttempted
        default: RowStatus(rawValue: text) ?? .notAttempted
        }
    }
}
