/// The tables of `journal.sqlite`.
///
/// `row` lists the records of the input in input order; `entry` holds the decisions. Nothing is
/// indexed by hash: identities are found through `IdentityIndex`, which costs the inserts nothing.
/// The one index serves look-ups of rows without an externalId, where no record may serve two rows;
/// customer ids grow with time, so it is appended to.
enum JournalSchema {
    /// The format that this version writes and reads.
    static let format = 1

    static let tables = """
        CREATE TABLE job (
          format INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          target TEXT NOT NULL,
          base_url TEXT NOT NULL,
          account TEXT,
          mapping TEXT NOT NULL,
          sign_until INTEGER
        );
        CREATE TABLE run (
          id INTEGER PRIMARY KEY,
          started_at INTEGER NOT NULL,
          ended_at INTEGER,
          mode TEXT NOT NULL,
          namespace TEXT NOT NULL,
          command TEXT NOT NULL,
          exit_code INTEGER,
          summary TEXT
        );
        CREATE TABLE input (
          file INTEGER PRIMARY KEY,
          path TEXT NOT NULL,
          format TEXT NOT NULL,
          bytes INTEGER NOT NULL,
          rows INTEGER NOT NULL,
          first INTEGER NOT NULL,
          last INTEGER NOT NULL,
          header_offset INTEGER,
          header_length INTEGER
        );
        CREATE TABLE row (
          place INTEGER PRIMARY KEY,
          line INTEGER NOT NULL,
          offset INTEGER NOT NULL,
          length INTEGER NOT NULL,
          run INTEGER NOT NULL,
          entry INTEGER,
          status TEXT,
          external_id TEXT,
          error_code TEXT,
          error_field TEXT,
          message TEXT
        );
        CREATE TABLE entry (
          id INTEGER PRIMARY KEY,
          identity BLOB NOT NULL,
          body BLOB NOT NULL,
          external_id TEXT,
          ordinal INTEGER NOT NULL,
          epoch INTEGER NOT NULL,
          previous INTEGER,
          run INTEGER NOT NULL,
          place INTEGER NOT NULL,
          state TEXT NOT NULL,
          patched_id TEXT,
          patched_at TEXT,
          sent_body BLOB,
          customer_id TEXT,
          http_status INTEGER NOT NULL,
          error_code TEXT,
          error_field TEXT,
          message TEXT,
          request_id TEXT,
          attempts INTEGER NOT NULL,
          first_intent INTEGER,
          settled_at INTEGER
        );
        CREATE INDEX entry_claim ON entry (customer_id)
          WHERE external_id IS NULL AND customer_id IS NOT NULL;
        """
}
