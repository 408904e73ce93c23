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
        /// A hash of the key's id: the mode of some keys, and with it the book, is not to be seen.
        var key: String
        /// The value of `--created-after`.
        var createdAfter: Timestamp?
    }

    /// The version of the file's shape.
    static let version = 1
    /// An older one is not used: cursors and books change.
    static let lifetime = Duration.seconds(24 * 3600)
    /// How far in the future it may be: clocks are set.
    static let clockTolerance = Duration.seconds(300)
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

// MARK: - Terms

extension ExportCheckpoint.Terms {
    /// The terms of a job.
    init(_ job: ExportJob, target: JobTarget, keyID: String?) {
        let columns = CustomerRenderer.columns(job.format, fields: job.fields)
        self.init(
            target: target.text,
            format: job.format.rawValue + (job.isCompressed ? ".gz" : ""),
            fields: columns.joined(separator: ","),
            key: Self.trace(of: keyID),
            createdAfter: job.createdAfter
        )
    }

    /// 64 bits tell keys apart and do not tell the key.
    private static func trace(of keyID: String?) -> String {
        guard let keyID else { return "" }
        let digits = String(Digest.sha256(Array(keyID.utf8)).prefix, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// What differs from other terms, in the words of the command line; `nil` if nothing does.
    func difference(from other: Self) -> String? {
        if target != other.target { return "target" }
        if key != other.key { return "key" }
        if format != other.format { return "format" }
        if fields != other.fields { return "--fields" }
        if createdAfter != other.createdAfter { return "--created-after" }
        return nil
    }
}

// MARK: - As JSON

extension ExportCheckpoint {
    /// The checkpoint as it is filed: one line.
    var json: String {
        JSONText.object { json in
            json.member("version", Self.version)
            json.member("target", terms.target)
            json.member("account", account)
            json.member("key", terms.key)
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
            json.member("uses_order", place.usesOrder ? 1 : 0)
            json.member("uses_filter", place.usesFilter ? 1 : 0)
            json.member("last_created_at", place.last?.createdAt.iso8601)
            json.member("last_finer", place.last?.finer ?? 0)
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
            let fields = object.text(of: "fields"), let key = object.text(of: "key"),
            let startedAt = time("started_at"),
            let writtenAt = time("written_at"), let upTo = time("up_to"),
            let overlapFrom = time("overlap_from"),
            let phase = object.text(of: "phase").flatMap(ExportPlace.Phase.init(rawValue:)),
            let order = object.text(of: "order").flatMap(BookWalk.Order.init(rawValue:)),
            let rows = object.text(of: "rows").flatMap(Int.init), rows >= 0,
            let count = object.text(of: "bytes").flatMap(Int64.init), count >= 0,
            let sha256 = object.text(of: "sha256")
        else { return nil }
        let createdAfter = time("created_after")
        terms = Terms(
            target: target,
            format: format,
            fields: fields,
            key: key,
            createdAfter: createdAfter
        )
        account = object.text(of: "account")
        self.startedAt = startedAt
        self.writtenAt = writtenAt
        scope = ExportScope(
            after: createdAfter,
            upTo: upTo,
            overlapFrom: overlapFrom
        )
        place = ExportPlace(
            phase: phase,
            cursor: object.text(of: "cursor"),
            order: order,
            last: time("last_created_at").map {
                BookPlace(
                    $0,
                    finer: object.text(of: "last_finer").flatMap(Int.init) ?? 0,
                    id: object.text(of: "last_listed_id") ?? ""
                )
            }
        )
        place.usesOrder = object.text(of: "uses_order") != "0"
        place.usesFilter = object.text(of: "uses_filter") != "0"
        self.rows = rows
        firstID = object.text(of: "first_id")
        lastID = object.text(of: "last_id")
        self.bytes = count
        self.sha256 = sha256
    }
}
