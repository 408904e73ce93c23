package import Plugipay

/// What to export and how: the command line as one value.
package struct ExportJob: Sendable {
    /// The file; `nil` for standard output.
    package var path: String?
    /// How customers are written.
    package var format: ExportFormat
    /// Whether the file is gzip.
    package var isCompressed: Bool
    /// The members to write, in this order; empty for all.
    package var fields: [String] = []
    /// Only customers created after this time.
    package var createdAfter: Timestamp?

    /// Requests a second.
    package var rate = RateSetting.auto
    /// Requests in flight.
    package var concurrency = Concurrency.Setting.auto
    /// Tries of one page.
    package var maxAttempts = 8
    /// How long the server may be down.
    package var maxOutage = Duration.seconds(3600)

    /// Makes a job with the defaults.
    ///
    /// - Parameters:
    ///   - path: The file; `nil` for standard output.
    ///   - format: How customers are written.
    ///   - isCompressed: Whether the file is gzip.
    package init(path: String?, format: ExportFormat, isCompressed: Bool) {
        self.path = path
        self.format = format
        self.isCompressed = isCompressed
    }

    /// The checkpoint of an export that was stopped.
    package static func checkpointPath(for path: String) -> String { path + ".checkpoint" }

    /// What is said about a finished export.
    package static func manifestPath(for path: String) -> String { path + ".manifest.json" }
}

/// How an export writes customers.
package enum ExportFormat: String, Sendable, CaseIterable {
    /// One JSON object a line: the server's own, compact.
    case jsonl
    /// Comma-separated values (RFC 4180), lines end in LF.
    case csv

    /// The format that a file's name asks for, and whether it asks for gzip.
    ///
    /// - Parameter path: The file's path.
    /// - Returns: `nil` for the format where the name ends in nothing that is known.
    package static func named(by path: String) -> (format: ExportFormat?, isCompressed: Bool) {
        var name = Substring(path.lowercased())
        let isCompressed = name.hasSuffix(".gz")
        if isCompressed { name = name.dropLast(3) }
        let format = allCases.first { name.hasSuffix(".\($0.rawValue)") }
        return (format, isCompressed)
    }
}
