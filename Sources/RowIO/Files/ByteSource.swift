/// The uncompressed bytes of an input, read once from front to back.
///
/// Gzip is known by its first two bytes, never by name.
package final class ByteSource {
    /// The path or name, for messages.
    package let name: String
    /// Whether the input is gzip.
    package let isCompressed: Bool
    /// What the file was when it was opened; nil for an input that is no file.
    package var identity: FileIdentity? { file?.identity }
    /// Bytes taken from the input so far, as they are on disk.
    package private(set) var bytesRead: Int64

    private let file: InputFile?
    /// Bytes as they are on disk that were read and not yet handed on.
    private var pending: [UInt8]
    private var pendingRange: Range<Int>
    private var isExhausted: Bool
    private var decoder: GzipDecoder?
    private var failure: InputError?

    /// Opens an input; `readBytes` is asked for in each read(2).
    package init(_ source: InputSource, readBytes: Int) throws(InputError) {
        name = source.name
        switch source {
        case .file(let path):
            file = try InputFile(path: path)
        case .standardInput:
            file = InputFile()
        case .bytes:
            file = nil
        }
        if case .bytes(let bytes, _) = source {
            pending = bytes
            pendingRange = bytes.indices
            isExhausted = true
        } else {
            pending = [UInt8](repeating: 0, count: max(readBytes, GzipDecoder.magic.count))
            pendingRange = 0..<0
            isExhausted = false
        }
        bytesRead = Int64(pendingRange.count)
        while let file, !isExhausted, pendingRange.count < GzipDecoder.magic.count {
            let used = pendingRange.upperBound
            let got = try file.read(into: &pending, at: used, count: pending.count - used)
            pendingRange = 0..<(used + got)
            bytesRead += Int64(got)
            isExhausted = got == 0
        }
        // A lone first byte of the magic is no text either: it can only be a cut gzip.
        let head = pending[pendingRange].prefix(GzipDecoder.magic.count)
        isCompressed = !head.isEmpty && GzipDecoder.magic.starts(with: head)
        if isCompressed {
            guard let inflater = Inflater() else {
                throw InputError(
                    code: .unreadable,
                    message: "there is no memory to decompress it",
                    path: name
                )
            }
            decoder = GzipDecoder(inflater)
        }
    }

    /// Writes up to `count` uncompressed bytes into `buffer` at `index`; 0 at the end.
    ///
    /// After damage every call fails with the same error. Bytes that stand before the place where
    /// an input was cut off are handed out; bytes of a step in which a checksum or the compressed
    /// data turned out wrong are not, because nobody can say which of them are right.
    package func read(
        into buffer: inout [UInt8],
        at index: Int,
        count: Int
    ) throws(InputError) -> Int {
        if let failure { throw failure }
        do {
            return decoder == nil
                ? try readPlain(into: &buffer, at: index, count: count)
                : try inflate(into: &buffer, index..<(index + count))
        } catch {
            failure = error
            throw error
        }
    }

    /// Goes on reading at `offset`, if the bytes on disk are the bytes that are read.
    func seek(to offset: Int64) throws(InputError) -> Bool {
        guard decoder == nil, let file, file.identity != nil else { return false }
        try file.seek(to: offset)
        pendingRange = 0..<0
        isExhausted = false
        return true
    }

    private func readPlain(
        into buffer: inout [UInt8],
        at index: Int,
        count: Int
    ) throws(InputError) -> Int {
        guard pendingRange.isEmpty else {
            let taken = pendingRange.prefix(count)
            buffer.replaceSubrange(index..<(index + taken.count), with: pending[taken])
            pendingRange = taken.upperBound..<pendingRange.upperBound
            return taken.count
        }
        guard let file, !isExhausted else { return 0 }
        let got = try file.read(into: &buffer, at: index, count: count)
        bytesRead += Int64(got)
        isExhausted = got == 0
        return got
    }

    private func inflate(
        into buffer: inout [UInt8],
        _ target: Range<Int>
    ) throws(InputError) -> Int {
        while true {
            let step = decoder?.decode(
                pending,
                pendingRange,
                isLast: isExhausted,
                into: &buffer,
                target
            )
            pendingRange = pendingRange.dropFirst(decoder?.consumed ?? 0)
            switch step {
            case .produced(let count) where count > 0: return count
            case .produced: continue
            case .needsInput: try refill()
            case .finished, nil: return 0
            case .damaged(let reason): throw damage(reason)
            }
        }
    }

    /// Reads more compressed bytes behind those that are left (one at most: half a magic).
    private func refill() throws(InputError) {
        guard let file, !isExhausted else { return }
        let left = Array(pending[pendingRange])
        pending.replaceSubrange(0..<left.count, with: left)
        let got = try file.read(into: &pending, at: left.count, count: pending.count - left.count)
        pendingRange = 0..<(left.count + got)
        bytesRead += Int64(got)
        isExhausted = got == 0
    }

    private func damage(_ reason: String) -> InputError {
        let offset = bytesRead - Int64(pendingRange.count)
        return InputError(
            code: .damaged,
            message: "\(reason), at byte \(offset) of the file; make or fetch the file again",
            path: name,
            offset: offset
        )
    }
}
