import GRDB
package import Plugipay

/// What a job is bound to for its whole life.
package struct JobRecord: Sendable, Hashable {
    /// The target as text, compared when the folder is used again.
    package var target: String
    /// The base URL as it is shown; not compared.
    package var baseURL = ""
    /// The account behind the credentials, once an answer told it.
    package var account: String?
    /// The mapping in words, to be shown when a later run maps otherwise.
    package var mapping: String
    /// When the folder was begun.
    package var createdAt: Timestamp
}

/// One run of a job.
package struct RunRecord: Sendable, Hashable {
    /// From 1, growing.
    package var id: Int
    /// Local time at the start.
    package var startedAt: Timestamp
    /// Local time at the end; `nil` while it runs, and after a crash.
    package var endedAt: Timestamp?
    /// What its keys have in common.
    package var scope: KeyScope
    /// The command line that goes on with the job.
    package var command: String
    /// The exit code; `nil` like `endedAt`.
    package var exitCode: Int?
    /// The summary of the run as JSON; `nil` like `endedAt`.
    package var summary: String?
}

/// One input of the latest run.
package struct InputRecord: Sendable, Hashable {
    /// The input, from 0.
    package var file: Int
    /// Its path as given, `-` for standard input.
    package var path: String
    /// `csv`, `tsv` or `jsonl`.
    package var format: String
    /// Bytes on disk, read so far.
    package var bytes: Int64 = 0
    /// Records read from it, those left out by `--skip` not counted.
    package var rows = 0
    /// The first record that the run took, from 1.
    package var first = 1
    /// The last record that the run took; less than `first` for none.
    package var last = 0
    /// Where the header stands, if there is one.
    package var header: Range<Int64>?
}

extension Journal {
    /// The job that this journal belongs to; `nil` for a new one.
    package func job() throws(JournalError) -> JobRecord? {
        try read { database in
            let sql = "SELECT target, account, mapping, created_at, base_url FROM job"
            return try Row.fetchOne(database, sql: sql).map {
                JobRecord(
                    target: $0[0],
                    baseURL: $0[4],
                    account: $0[1],
                    mapping: $0[2],
                    createdAt: Timestamp(millisecondsSince1970: $0[3])
                )
            }
        }
    }

    /// Binds a new journal to its job.
    package func begin(_ job: JobRecord) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO job (format, created_at, target, base_url, account, mapping)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    JournalSchema.format, job.createdAt.millisecondsSince1970, job.target,
                    job.baseURL, job.account, job.mapping,
                ]
            )
        }
    }

    /// Remembers the account that an answer told.
    package func setAccount(_ account: String) throws(JournalError) {
        try write { try $0.execute(sql: "UPDATE job SET account = ?", arguments: [account]) }
    }

    /// The server time after which nothing was signed, as last committed.
    package func signUntil() throws(JournalError) -> Timestamp? {
        try read { database in
            try Int64.fetchOne(database, sql: "SELECT sign_until FROM job")
                .map(Timestamp.init(millisecondsSince1970:))
        }
    }

    /// Begins a run.
    ///
    /// - Parameters:
    ///   - startedAt: Local time.
    ///   - scope: What its keys have in common.
    ///   - command: The command line that goes on with the job.
    /// - Returns: The run's number.
    /// - Throws: `JournalError` when it cannot be written.
    package func beginRun(
        startedAt: Timestamp,
        scope: KeyScope,
        command: String = ""
    ) throws(JournalError) -> Int {
        try write { database in
            try database.execute(
                sql: "INSERT INTO run (started_at, mode, namespace, command) VALUES (?, ?, ?, ?)",
                arguments: [
                    startedAt.millisecondsSince1970, scope.mode, scope.namespace, command,
                ]
            )
            return Int(database.lastInsertedRowID)
        }
    }

    /// Ends a run.
    package func endRun(
        _ run: Int,
        endedAt: Timestamp,
        exitCode: Int,
        summary: String
    ) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: "UPDATE run SET ended_at = ?, exit_code = ?, summary = ? WHERE id = ?",
                arguments: [endedAt.millisecondsSince1970, exitCode, summary, run]
            )
        }
    }

    /// The latest run that has come to an end, or the latest one at all.
    ///
    /// - Parameter isEnded: Whether a run without an end is passed over.
    /// - Returns: The run, or `nil` when there is none.
    /// - Throws: `JournalError` when it cannot be read.
    package func lastRun(isEnded: Bool = false) throws(JournalError) -> RunRecord? {
        let condition = isEnded ? "WHERE ended_at IS NOT NULL" : ""
        return try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT id, started_at, ended_at, mode, namespace, command, exit_code,
                      summary
                    FROM run \(condition) ORDER BY id DESC LIMIT 1
                    """
            )
            return row.map { row in
                RunRecord(
                    id: row[0],
                    startedAt: Timestamp(millisecondsSince1970: row[1]),
                    endedAt: (row[2] as Int64?).map(Timestamp.init(millisecondsSince1970:)),
                    scope: KeyScope(mode: row[3], namespace: row[4]),
                    command: row[5],
                    exitCode: row[6],
                    summary: row[7]
                )
            }
        }
    }

    /// The inputs of the latest run, in order.
    package func inputs() throws(JournalError) -> [InputRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT file, path, format, bytes, rows, first, last,
                      header_offset, header_length
                    FROM input ORDER BY file
                    """
            )
            return rows.map(Self.input)
        }
    }

    /// Replaces the inputs by those of this run.
    package func setInputs(_ inputs: [InputRecord]) throws(JournalError) {
        try write { database in
            try database.execute(sql: "DELETE FROM input")
            for input in inputs {
                try database.execute(
                    sql: "INSERT INTO input VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: Self.arguments(input)
                )
            }
        }
    }

    /// Brings an input up to date while the run reads it.
    ///
    /// Where an earlier run came further with the same input, that stands until this one ends: rows
    /// that it listed are as they were.
    ///
    /// - Parameter input: The input as far as it has been read.
    /// - Throws: `JournalError` when it cannot be written.
    package func note(_ input: InputRecord) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO input VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (file) DO UPDATE SET path = excluded.path,
                      format = excluded.format, bytes = excluded.bytes, rows = excluded.rows,
                      first = excluded.first, last = excluded.last,
                      header_offset = excluded.header_offset,
                      header_length = excluded.header_length
                    WHERE excluded.path <> path OR excluded.last > last
                    """,
                arguments: Self.arguments(input)
            )
        }
    }

    private static func arguments(_ input: InputRecord) -> StatementArguments {
        [
            input.file, input.path, input.format, input.bytes, input.rows, input.first,
            input.last, input.header?.lowerBound,
            input.header.map { $0.upperBound - $0.lowerBound },
        ]
    }

    private static func input(_ row: Row) -> InputRecord {
        InputRecord(
            file: row[0],
            path: row[1],
            format: row[2],
            bytes: row[3],
            rows: row[4],
            first: row[5],
            last: row[6],
            header: (row[7] as Int64?).flatMap { offset in
                (row[8] as Int64?).map { offset..<offset + $0 }
            }
        )
    }
}
