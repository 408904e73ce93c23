import Plugipay

/// What a stopped export needs to go on: `FILE.checkpoint`.
///
/// It is written after each page, when the page's customers are on disk. No e-mail, name or phone
/// stands in it, and no secret.
struct ExportCheckpoint: Sendable, Hashable {
    /// What must be the same for an export to go on: the command, in so far as it shapes the file.
    struct Terms: Sendable, Hashable {
        /// The target in one line.
        var target: String
        /// `jsonl` or `csv`, with `.gz` for gzip.
        var format: String
        /// The members that are written, joined by commas; empty for all.
        var fields: String
        /// The value of `--created-after`.
        var createdAfter: Timestamp?

        /// The terms of a job.
        init(_ job: ExportJob, target: JobTarget) {
            self.init(
                target: target.text,
                format: job.format.rawValue + (job.isCompressed ? ".gz" : ""),
                fields: job.fields.joined(separator: ","),
                createdAfter: job.createdAfter
            )
        }

        /// Terms from their parts.
        init(target: String, format: String, fields: String, createdAfter: Timestamp?) {
            self.target = target
            self.format = format
            self.fields = fields
            self.createdAfter = createdAfter
        }

        /// What differs from other terms, in the words of the command line; `nil` if nothing does.
        func difference(from other: Terms) -> String? {
            if target != other.target { return "target" }
            if format != other.format { return "format" }
            if fields != other.fields { return "--fields" }
            if createdAfter != other.createdAfter { return "--created-after" }
            return nil
        }
    }

    /// The version of the file's shape.
    static let version = 1
    /// An older one is not used: cursors and books change.
    static let lifetime = Duration.seconds(24 * 3600)
    /// No checkpoint is longer; a cursor may be some kilobytes.
    static let mostBytes = 1 << 20

    /// What must be the same.
    var terms: Terms
    /// The account that the server has named.
    var account: String?
    /// Local time at the start of the export.
    var startedAt: Timestamp
    /// Local time when this was written.
    var writtenAt: Timestamp
    /// Which customers belong into the export.
    var scope: ExportScope
    /// How far the walk is.
    var place: ExportPlace
    /// Customers in the file.
    var rows: Int
    /// The first of them.
    var firstID: String?
    /// The last of them.
    var lastID: String?
    /// Bytes of the file that count.
    var bytes: Int64
    /// SHA-256 of these bytes, in lower-case hex.
    var sha256: String
}

// MARK: - As JSON

extension ExportCheckpoint {
    /// The checkpoint as it is filed: one line.
    var json: String {
        JSONText.object { json in
            json.member("version", Self.version)
            json.member("target", terms.target)
            json.member("account", account)
            json.member("format", terms.format)
            json.member("fields", terms.fields)
            json.member("created_after", terms.createdAfter?.iso8601)
            json.member("started_at", startedAt.iso8601)
            json.member("written_at", writtenAt.iso8601)
            json.member("up_to", scope.upTo.iso8601)
            json.member("overlap_from", scope.overlapFrom.iso8601)
            json.member("phase", place.phase.rawValue)
            json.member("cursor", place.cursor)
            json.member("order", place.order.rawValue)
            json.member("last_created_at", place.last?.createdAt?.iso8601)
            json.member("last_listed_id", place.last?.id)
            json.member("rows", rows)
            json.member("first_id", firstID)
            json.member("last_id", lastID)
            json.member("bytes", bytes)
            json.member("sha256", sha256)
        }
    }

    /// Reads a checkpoint; `nil` where it is none, or of another version.
    init?(json bytes: [UInt8]) {
        guard let object = RawObject(bytes) else { return nil }
        let time = { (name: String) in
            object.text(of: name).flatMap(Timestamp.init(iso8601:))
        }
        guard object.text(of: "version") == String(Self.version),
            let target = object.text(of: "target"), let format = object.text(of: "format"),
            let fields = object.text(of: "fields"), let startedAt = time("started_at"),
            let writtenAt = time("written_at"), let upTo = time("up_to"),
            let overlapFrom = time("overlap_from"),
            let phase = object.text(of: "phase").flatMap(ExportPlace.Phase.init(rawValue:)),
            let order = object.text(of: "order").flatMap(BookWalk.Order.init(rawValue:)),
            let rows = object.text(of: "rows").flatMap(Int.init), rows >= 0,
            let count = object.text(of: "bytes").flatMap(Int64.init), count >= 0,
            let sha256 = object.text(of: "sha256")
        else { return nil }
        let createdAfter = time("created_after")
        terms = Terms(target: target, format: format, fields: fields, createdAfter: createdAfter)
        account = object.text(of: "account")
        self.startedAt = startedAt
        self.writtenAt = writtenAt
        scope = ExportScope(after: createdAfter, upTo: upTo, overlapFrom: overlapFrom)
        place = ExportPlace(
            phase: phase,
            cursor: object.text(of: "cursor"),
            order: order,
            last: object.text(of: "last_listed_id").map {
                .init(id: $0, createdAt: time("last_created_at"), range: 0..<0)
            }
        )
        self.rows = rows
        firstID = object.text(of: "first_id")
        lastID = object.text(of: "last_id")
        self.bytes = count
        self.sha256 = sha256
    }
}
