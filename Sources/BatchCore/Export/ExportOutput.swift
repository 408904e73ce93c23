import RowIO

/// Where an export goes: a part file with its checkpoint, or standard output.
struct ExportOutput {
    /// Where the bytes end up.
    private enum Place {
        case file(PartFile)
        case stream(any ByteSink)
    }

    /// Customers written, those of earlier runs included.
    private(set) var rows = 0
    /// The first of them.
    private(set) var firstID: String?
    /// The last of them.
    private(set) var lastID: String?

    private let place: Place
    private let isCompressed: Bool
    private var renderer: CustomerRenderer
    private var digest: DigestSink
    private var gzip: GzipSink?
    private var buffer: [UInt8] = []

    /// An output to a file, of which nothing counts yet.
    init(_ job: ExportJob, to part: PartFile) throws(OutputError) {
        try self.init(job, .file(part), part)
    }

    /// An output to a stream that cannot be taken back.
    init(_ job: ExportJob, to stream: any ByteSink) throws(OutputError) {
        try self.init(job, .stream(stream), stream)
    }

    private init(
        _ job: ExportJob,
        _ place: Place,
        _ sink: any ByteSink
    ) throws(OutputError) {
        self.place = place
        isCompressed = job.isCompressed
        renderer = CustomerRenderer(job.format, fields: job.fields)
        digest = DigestSink(sink)
        if isCompressed { gzip = try GzipSink(digest) }
    }

    /// Bytes so far, as on disk.
    var bytes: Int64 { digest.count }

    /// SHA-256 of them, in lower-case hex.
    var hexDigest: String { digest.hexDigest }

    /// Whether what was written can be read back.
    var isFile: Bool { if case .file = place { true } else { false } }

    // MARK: Going on, or beginning

    /// Takes up what an earlier run has written, if it is still what it was.
    ///
    /// - Parameter checkpoint: What the earlier run said of it.
    /// - Returns: Whether it is.
    /// - Throws: `OutputError` when the file cannot be read again.
    mutating func takeUp(_ checkpoint: ExportCheckpoint) throws(OutputError) -> Bool {
        // Of nothing it cannot be told whether it is the same nothing.
        guard case .file(let part) = place, checkpoint.bytes > 0,
            part.length >= checkpoint.bytes
        else { return false }
        let digest = digest
        try part.forEachChunk(upTo: checkpoint.bytes) { digest.note($0, $1) }
        guard digest.hexDigest == checkpoint.sha256 else { return false }
        try part.cut(to: checkpoint.bytes)
        rows = checkpoint.rows
        firstID = checkpoint.firstID
        lastID = checkpoint.lastID
        return true
    }

    /// Throws away all that was written to the file.
    mutating func beginAnew() throws(OutputError) {
        guard case .file(let part) = place else { return }
        try part.cut(to: 0)
        digest = DigestSink(part)
        if isCompressed { gzip = try GzipSink(digest) }
        (rows, firstID, lastID) = (0, nil, nil)
    }

    // MARK: Writing

    /// Writes customers of a page, and makes them durable.
    mutating func write(_ page: ListedPage, _ fresh: [Int]) throws(OutputError) {
        buffer.removeAll(keepingCapacity: true)
        if bytes == 0 { buffer += renderer.header() }
        for index in fresh {
            let item = page.items[index]
            try renderer.append(item, of: page.body, to: &buffer)
            rows += 1
            firstID = firstID ?? item.id
            lastID = item.id
        }
        try sink.write(buffer)
        try gzip?.endMember()
        try makeDurable()
    }

    /// Ends the file and gives it its name.
    mutating func finish() throws(OutputError) {
        if bytes == 0 {
            try sink.write(renderer.header())
            try gzip?.endMember(evenIfEmpty: true)
        }
        switch place {
        case .file(let part): try part.commit()
        case .stream(let stream): try stream.flush()
        }
    }

    private var sink: any ByteSink { gzip ?? digest }

    private func makeDurable() throws(OutputError) {
        switch place {
        case .file(let part): try part.synchronize()
        case .stream(let stream): try stream.flush()
        }
    }
}
