import RowIO

/// Writes `results.csv`: one line for every row read, in input order.
struct ResultsWriter {
    static let fileName = "results.csv"
    static let columns = [
        "file", "row", "line", "status", "customer_id", "external_id", "http_status", "error_code",
        "error_field", "message", "request_id", "idempotency_key", "attempts",
    ]

    /// Text is gathered up to about this size before it is handed on: 64 KiB.
    private static let bufferBytes = 64 << 10

    private let file: DurableFile
    // An externalId or a server's words may begin like a formula.
    private var csv = CSVWriter(isSpreadsheetSafe: true)

    /// Begins the file that will replace the one at `path`.
    init(path: String) throws(OutputError) {
        file = try DurableFile(replacing: path)
        csv.appendRow(Self.columns)
    }

    /// Writes one line.
    ///
    /// - Parameters:
    ///   - line: What became of the row.
    ///   - input: The path of its input, as given.
    /// - Throws: `OutputError` when the disk refuses it.
    mutating func append(_ line: ResultLine, input: String) throws(OutputError) {
        csv.append(input)
        csv.append(String(line.place.row))
        csv.append(String(line.line))
        csv.append(line.status.rawValue)
        csv.append(line.customerID ?? "")
        csv.append(line.externalID ?? "")
        csv.append(line.httpStatus.map(String.init) ?? "")
        csv.append(line.errorCode ?? "")
        csv.append(line.errorField ?? "")
        csv.append(line.message ?? "")
        csv.append(line.requestID ?? "")
        csv.append(line.key ?? "")
        csv.append(String(line.attempts))
        csv.endRow()
        if csv.bytes.count >= Self.bufferBytes { try empty() }
    }

    /// Makes the file durable under its name.
    mutating func finish() throws(OutputError) {
        try empty()
        try file.commit()
    }

    private mutating func empty() throws(OutputError) {
        try file.write(csv.bytes)
        csv.removeAll()
    }
}
