import SystemPackage

/// A file that grows under `<path>.part`, over several processes if need be, and takes the name
/// `path` when it is whole.
///
/// One process at a time: it holds a lock (flock(2)) until it is dropped. The part file is private
/// (mode 0600) and stays when it is dropped without `commit`, so that a later process goes on with
/// it. A symbolic link, folder, pipe or device under either name is refused: it is neither followed
/// nor replaced. After an error other than `tooShort` it can only be dropped: nobody knows then
/// which of its last bytes are there.
package final class PartFile: ByteSink {
    /// What stands behind the final name while the file grows.
    package static let suffix = ".part"

    /// What is read at once when the file is read again: 256 KiB.
    private static let readBytes = 256 << 10

    /// The final name.
    package var path: String { place.path }
    /// The bytes there are, those in the buffer included.
    package private(set) var length: Int64

    private let place: OutputPlace
    private let descriptor: Int32
    private let sink: DescriptorSink
    private var failure: OutputError?
    private var isFinished = false

    /// Opens what an earlier process left under `<path>.part`, or begins anew.
    ///
    /// Bytes that are there stay, and writing goes on behind them.
    package init(for path: String) throws(OutputError) {
        place = try OutputPlace(path)
        try place.check()
        let opened = try PartOpening.open(at: place)
        descriptor = opened.descriptor
        length = opened.length
        sink = DescriptorSink(descriptor: descriptor, name: path + Self.suffix)
    }

    deinit {
        SystemCalls.close(descriptor)
    }

    /// Takes all of `bytes[range]`.
    package func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        try lasting { () throws(OutputError) in
            try sink.write(bytes, range)
            length += Int64(range.count)
        }
    }

    /// Hands everything taken so far to the system; it is durable only after `synchronize`.
    package func flush() throws(OutputError) {
        try lasting { () throws(OutputError) in try sink.flush() }
    }

    /// Makes everything taken so far durable.
    package func synchronize() throws(OutputError) {
        try lasting { () throws(OutputError) in
            try sink.flush()
            try place.synchronize(descriptor, "the part file")
        }
    }

    /// Drops the bytes from `length` on; writing goes on there.
    ///
    /// - Throws: `tooShort`, and nothing is changed, if there are fewer bytes.
    package func cut(to length: Int64) throws(OutputError) {
        try flush()
        try require(length)
        try lasting { () throws(OutputError) in
            do throws(Errno) {
                try SystemCalls.truncate(descriptor, to: length)
                try SystemCalls.seek(descriptor, to: length)
            } catch {
                throw partError(
                    .writeFailed,
                    "it cannot be cut to \(length) bytes: \(error)",
                    error
                )
            }
            self.length = length
        }
    }

    /// Hands out the first `length` bytes, piece by piece.
    ///
    /// - Throws: `tooShort` if there are fewer; pieces may have been handed out by then.
    package func forEachChunk(
        upTo length: Int64,
        _ body: (_ bytes: [UInt8], _ range: Range<Int>) -> Void
    ) throws(OutputError) {
        try flush()
        try require(length)
        var buffer = [UInt8](repeating: 0, count: Int(min(length, Int64(Self.readBytes))))
        var offset: Int64 = 0
        while offset < length {
            let count = Int(min(length - offset, Int64(buffer.count)))
            let got: Int
            do {
                got = try SystemCalls.read(
                    descriptor,
                    into: &buffer,
                    count: count,
                    from: offset
                )
            } catch {
                throw partError(.readFailed, "reading it again failed: \(error)", error)
            }
            guard got > 0 else { throw tooShort(length, found: offset) }
            body(buffer, 0..<got)
            offset += Int64(got)
        }
    }

    /// Makes the file durable under its final name.
    package func commit() throws(OutputError) {
        precondition(!isFinished, "a part file is committed once")
        try synchronize()
        try lasting { () throws(OutputError) in
            // Again, because something else may have been put under either name meanwhile.
            try place.check()
            guard PartOpening.isStill(descriptor, at: place) else {
                throw partError(
                    .renameFailed,
                    "somebody removed or replaced it while it was written; write the file again"
                )
            }
            try place.take(place.name + Self.suffix)
            isFinished = true
            try place.synchronizeFolder()
        }
    }

    // MARK: Errors

    /// Runs a step that leaves the file in an unknown state when it fails: after that, every step
    /// fails with the same error.
    private func lasting(_ step: () throws(OutputError) -> Void) throws(OutputError) {
        if let failure { throw failure }
        do {
            try step()
        } catch {
            failure = error
            throw error
        }
    }

    private func require(_ wanted: Int64) throws(OutputError) {
        precondition(wanted >= 0, "a length is not negative")
        if wanted > length { throw tooShort(wanted, found: length) }
    }

    private func tooShort(_ wanted: Int64, found: Int64) -> OutputError {
        partError(
            .tooShort,
            "it has \(found) bytes where \(wanted) were written; remove it to begin anew"
        )
    }

    private func partError(
        _ code: OutputError.Code,
        _ message: String,
        _ cause: Errno? = nil
    ) -> OutputError {
        OutputError(code: code, message: message, path: path + Self.suffix, cause: cause)
    }
}
