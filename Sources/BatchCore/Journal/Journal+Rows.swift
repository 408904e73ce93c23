import GRDB

/// The listing of the input: one line for every record read.
extension Journal {
    /// Lists a row, in place of what stood there before.
    package func list(_ row: RowListing) throws(JournalError) {
        try write { database in
            let statement = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            )
            statement.setUncheckedArguments([
                row.place.key, row.line, row.offset, row.length, row.run, row.entry,
                row.status?.rawValue, row.externalID, row.errorCode, row.errorField, row.message,
            ])
            try statement.execute()
        }
    }

    /// Takes away the rows of a file that the latest run did not take.
    ///
    /// - Parameter input: The input with the range of rows that the run took.
    /// - Throws: `JournalError` when it cannot be written.
    package func unlist(beyond input: InputRecord) throws(JournalError) {
        let range = keys(of: input)
        try write { database in
            try database.execute(
                sql: """
                    DELETE FROM row WHERE place BETWEEN ? AND ?
                      AND place NOT BETWEEN ? AND ?
                    """,
                arguments: [
                    RowPlace(file: input.file, row: 0).key,
                    RowPlace(file: input.file + 1, row: 0).key - 1,
                    range.lowerBound, range.upperBound,
                ]
            )
        }
    }

    /// Takes away the rows of files that the latest run did not have.
    ///
    /// - Parameter count: How many files it had.
    /// - Throws: `JournalError` when it cannot be written.
    package func unlist(filesFrom count: Int) throws(JournalError) {
        let first = RowPlace(file: count, row: 0).key
        try write { try $0.execute(sql: "DELETE FROM row WHERE place >= ?", arguments: [first]) }
    }

    /// The rows listed at a place and after it.
    ///
    /// - Parameters:
    ///   - place: The first place.
    ///   - limit: The most rows to give.
    /// - Returns: The rows in input order.
    /// - Throws: `JournalError` when they cannot be read.
    package func listings(
        from place: RowPlace,
        limit: Int
    ) throws(JournalError) -> [RowListing] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT place, line, offset, length, run, entry, status, external_id,
                      error_code, error_field, message
                    FROM row WHERE place >= ? ORDER BY place LIMIT ?
                    """
            )
            return try Row.fetchAll(statement, arguments: [place.key, limit]).map(Self.listing)
        }
    }

    /// Whether any row is listed: false for the first run of a job.
    package func hasRows() throws(JournalError) -> Bool {
        try read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM row)") ?? false }
    }

    func keys(of input: InputRecord) -> ClosedRange<Int64> {
        let first = RowPlace(file: input.file, row: input.first).key
        let last = RowPlace(file: input.file, row: input.last).key
        // A range of no rows: a place that no row has.
        return last < first ? -1 ... -1 : first...last
    }

    private static func listing(_ row: Row) -> RowListing {
        var listing = RowListing(
            place: RowPlace(key: row[0]),
            line: row[1],
            offset: row[2],
            length: row[3],
            run: row[4]
        )
        listing.entry = row[5]
        listing.status = (row[6] as String?).flatMap(RowStatus.init(rawValue:))
        listing.externalID = row[7]
        listing.errorCode = row[8]
        listing.errorField = row[9]
        listing.message = row[10]
        return listing
    }
}
