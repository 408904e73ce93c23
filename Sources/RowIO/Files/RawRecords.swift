/// Copies records as they stand in an input.
package enum RawRecords {
    /// Where a record stands in the uncompressed stream.
    package struct Extent: Sendable, Hashable {
        /// The first byte.
        package var offset: Int64
        /// The size in bytes.
        package var length: Int

        /// An extent of `length` bytes from `offset` on.
        package init(offset: Int64, length: Int) {
            self.offset = offset
            self.length = length
        }

        /// The record's own extent.
        package init(_ position: RowPosition) {
            self.init(offset: position.offset, length: position.length)
        }
    }

    /// Bytes copied at a time.
    private static let stepBytes = 256 << 10

    /// Copies the original bytes of `extents` from a file to a sink, in order.
    ///
    /// The extents must rise and not overlap. Gzip is decompressed from the start, once; in any
    /// other file only the extents are read. Fails with `.changed` if the file is not the one of
    /// `identity` any more, or ends too early.
    package static func copy(
        _ extents: some Sequence<Extent>,
        fromFile path: String,
        identity: FileIdentity? = nil,
        to sink: some ByteSink
    ) throws {
        let source = try ByteSource(.file(path), readBytes: stepBytes)
        if let identity, source.identity != identity { throw changed(path) }
        var buffer = [UInt8](repeating: 0, count: stepBytes)
        var position: Int64 = 0
        for extent in extents {
            precondition(extent.offset >= position && extent.length >= 0, "extents must rise")
            try source.skip(to: extent.offset, from: position, through: &buffer)
            var left = extent.length
            while left > 0 {
                let got = try source.read(into: &buffer, at: 0, count: min(left, buffer.count))
                guard got > 0 else { throw changed(path) }
                try sink.write(buffer, 0..<got)
                left -= got
            }
            position = extent.offset + Int64(extent.length)
        }
    }

    private static func changed(_ path: String) -> InputError {
        InputError(
            code: .changed,
            message: "the file was changed since its rows were read; run again on the file as it "
                + "is now",
            path: path
        )
    }
}

extension ByteSource {
    /// Passes over the bytes from `position` to `target`, through `buffer` where it cannot seek.
    fileprivate func skip(
        to target: Int64,
        from position: Int64,
        through buffer: inout [UInt8]
    ) throws(InputError) {
        guard target > position else { return }
        if try seek(to: target) { return }
        var left = target - position
        while left > 0 {
            let got = try read(into: &buffer, at: 0, count: Int(min(left, Int64(buffer.count))))
            // An end that comes too early shows when the record itself is read.
            if got == 0 { return }
            left -= Int64(got)
        }
    }
}
