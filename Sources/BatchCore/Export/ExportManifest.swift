import Plugipay
import RowIO

/// What is said about a finished export: `FILE.manifest.json`.
struct ExportManifest: Sendable {
    /// The version of the file's shape.
    static let version = 1

    /// Customers in the file.
    var rows: Int
    /// Its bytes, as on disk.
    var bytes: Int64
    /// SHA-256 of these bytes, in lower-case hex: what `sha256sum` says.
    var sha256: String
    /// The first customer; `nil` for none.
    var firstID: String?
    /// The last one.
    var lastID: String?
    /// Local time at the start, of the first run if there were several.
    var startedAt: Timestamp
    /// Local time at the end.
    var endedAt: Timestamp
    /// Where the customers come from.
    var target: JobTarget
    /// The account that the server has named.
    var account: String?
    /// How the customers are sorted.
    var order: BookWalk.Order

    /// The manifest as it is filed: one line.
    var json: String {
        JSONText.object { json in
            json.member("version", Self.version)
            json.member("rows", rows)
            json.member("bytes", bytes)
            json.member("sha256", sha256)
            json.member("first_id", firstID)
            json.member("last_id", lastID)
            json.member("started_at", startedAt.iso8601)
            json.member("ended_at", endedAt.iso8601)
            json.member("target") { json in
                json.member("base_url", target.baseURL)
                json.member("mode", target.mode)
                json.member("account", account)
            }
            json.member("order", order.rawValue)
            // Read page by page while the book may change, not at one moment.
            json.member("consistency", "walk")
        }
    }

    /// Writes the manifest of the file at `path`.
    func write(for path: String) throws(OutputError) {
        let sink = try DurableFile(replacing: ExportJob.manifestPath(for: path))
        try sink.write(json + "\n")
        try sink.commit()
    }
}
