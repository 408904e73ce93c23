/// Compresses what it takes and hands the gzip members to another sink.
///
/// Members one after the other are one gzip file (RFC 1952, section 2.2): a file can be cut back to
/// the end of a member and go on there. The same writes, flushes and ends give the same bytes.
package final class GzipSink: ByteSink {
    /// Compressed bytes gathered before they are handed on: 64 KiB.
    package static let bufferBytes = 64 << 10

    private let sink: any ByteSink
    private let deflater: Deflater
    private var buffer = [UInt8](repeating: 0, count: bufferBytes)
    /// Bytes of the buffer in use.
    private var used = 0
    private var isInsideMember = false
    /// Whether bytes were taken since the last flush.
    private var holdsBytes = false
    private var failure: OutputError?

    /// A sink whose compressed bytes go to `sink`.
    package init(_ sink: any ByteSink) throws(OutputError) {
        guard let deflater = Deflater() else {
            throw OutputError(
                code: .cannotCreate,
                message: "there is no memory to compress it",
                path: "gzip"
            )
        }
        self.sink = sink
        self.deflater = deflater
    }

    /// Takes all of `bytes[range]`.
    package func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        guard !range.isEmpty else { return }
        isInsideMember = true
        holdsBytes = true
        try step(bytes, range, .take)
    }

    /// Ends the member and hands it on; does nothing if no byte was written since the last end.
    ///
    /// The sink below is not flushed.
    ///
    /// - Parameter evenIfEmpty: Whether an empty member is written then. A file of nothing needs
    ///   one to be gzip.
    /// - Throws: The error of the sink below, here and ever after.
    package func endMember(evenIfEmpty: Bool = false) throws(OutputError) {
        guard isInsideMember || evenIfEmpty else { return }
        try step([], 0..<0, .end)
        try handOn()
        deflater.reset()
        isInsideMember = false
        holdsBytes = false
    }

    /// Hands everything taken so far to the system, in a state that a reader can decompress.
    ///
    /// The member goes on; each flush costs some compression.
    package func flush() throws(OutputError) {
        if holdsBytes {
            try step([], 0..<0, .flush)
            try handOn()
            holdsBytes = false
        }
        if let failure { throw failure }
        try sink.flush()
    }

    private func step(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ goal: Deflater.Goal
    ) throws(OutputError) {
        if let failure { throw failure }
        var rest = range
        while true {
            let target = used..<buffer.count
            guard let step = deflater.deflate(bytes, rest, into: &buffer, target, goal) else {
                throw fail(
                    OutputError(
                        code: .writeFailed,
                        message: "zlib failed to compress",
                        path: "gzip"
                    )
                )
            }
            rest = (rest.lowerBound + step.consumed)..<rest.upperBound
            used += step.produced
            if step.isDone { return }
            try handOn()
        }
    }

    private func handOn() throws(OutputError) {
        let count = used
        used = 0
        do {
            try sink.write(buffer, 0..<count)
        } catch {
            throw fail(error)
        }
    }

    /// After a failure the member has a hole, so nothing can be written any more.
    private func fail(_ error: OutputError) -> OutputError {
        failure = error
        return error
    }
}
