import GRDB

/// The tables of a sandbox's database.
enum StoreSchema {
    /// Marks the file as a sandbox's: "PPSB".
    static let applicationID: Int64 = 0x5050_5342

    /// Creates the tables in an empty database.
    static func prepare(_ db: Database) throws {
        guard try isEmpty(db) else { return }
        try db.execute(sql: tables)
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    }

    /// Whether the database is a sandbox's, or nobody's yet.
    static func isOurs(_ db: Database) throws -> Bool {
        let found = try Int64.fetchOne(db, sql: "PRAGMA application_id")
        return try found == applicationID || isEmpty(db)
    }

    private static func isEmpty(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    }

    /// The log of creates is append-only by trigger; times are milliseconds since 1970.
    private static let tables = """
        CREATE TABLE customer (
            id TEXT PRIMARY KEY,
            workspace TEXT NOT NULL,
            mode TEXT NOT NULL,
            externalID TEXT,
            email TEXT,
            name TEXT,
            phone TEXT,
            taxID TEXT,
            defaultPaymentTokenID TEXT,
            metadata TEXT,
            createdAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX customerByExternalID
            ON customer (workspace, mode, externalID) WHERE externalID IS NOT NULL;
        CREATE INDEX customerByTime ON customer (workspace, mode, createdAt, id);
        CREATE INDEX customerByEmail
            ON customer (workspace, mode, email, createdAt) WHERE email IS NOT NULL;

        CREATE TABLE idempotency (
            workspace TEXT NOT NULL,
            mode TEXT NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            key TEXT NOT NULL,
            bodyHash TEXT NOT NULL,
            status INTEGER NOT NULL,
            body TEXT NOT NULL,
            expiresAt INTEGER NOT NULL,
            PRIMARY KEY (workspace, mode, method, path, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE createLog (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            workspace TEXT NOT NULL,
            mode TEXT NOT NULL,
            customerID TEXT NOT NULL,
            externalID TEXT,
            idempotencyKey TEXT,
            bodyHash TEXT NOT NULL,
            requestID TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER createLogIsNotChanged BEFORE UPDATE ON createLog
            BEGIN SELECT RAISE(ABORT, 'the log of creates is append-only'); END;
        CREATE TRIGGER createLogIsNotShortened BEFORE DELETE ON createLog
            BEGIN SELECT RAISE(ABORT, 'the log of creates is append-only'); END;
        """
}
