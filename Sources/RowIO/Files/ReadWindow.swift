/// The part of an input that a scanner looks at: whole records of it, and the start of one.
struct ReadWindow {
    /// Bytes behind the window that a scanner may load (never use): it works on 64 at a time.
    static let slack = 64
    /// From this size on an incomplete record is scanned again only when it has doubled, so that
    /// a long record that arrives in small pieces costs no quadratic time.
    private static let doublingBytes = 64 << 10

    let source: ByteSource
    private let readBytes: Int
    /// The storage; only `range` of it means anything.
    private(set) var bytes: [UInt8]
    /// The bytes not yet consumed, as indices of `bytes`.
    private(set) var range = 0..<0
    /// The place of `bytes[0]` in the uncompressed stream.
    private var origin: Int64 = 0
    /// Whether the input ends with `range`.
    private(set) var isAtEnd = false

    init(_ source: ByteSource, readBytes: Int) {
        self.source = source
        self.readBytes = max(1, readBytes)
        bytes = [UInt8](repeating: 0, count: self.readBytes + Self.slack)
    }

    /// The storage; only `range` of it means anything.

    /// The place of `index` in the uncompressed stream.
    func offset(of index: Int) -> Int64 { origin + Int64(index) }

    /// Gives up all bytes before `index`.
    mutating func consume(to index: Int) {
        range = index..<range.upperBound
    }

    /// Reads more bytes behind `range`, which may move to other indices; sets `isAtEnd`.
    mutating func fill() throws(InputError) {
        moveToFront()
        let kept = range.count
        let wanted = kept >= Self.doublingBytes ? kept : 1
        while !isAtEnd && range.count < kept + wanted {
            let room = range.count + readBytes + Self.slack
            if bytes.count < room {
                // Grown by half at least: a record that needs much gets there in few steps.
                let grown = max(room, bytes.count + bytes.count / 2)
                bytes.append(contentsOf: repeatElement(0, count: grown - bytes.count))
            }
            let got: Int
            do {
                got = try source.read(into: &bytes, at: range.count, count: readBytes)
            } catch {
                // The source fails again in the same way once these bytes are used.
                if range.count > kept { return }
                throw error
            }
            range = 0..<(range.count + got)
            isAtEnd = got == 0
        }
    }

    private mutating func moveToFront() {
        guard range.lowerBound > 0 else { return }
        let count = range.count
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            base.update(from: base + range.lowerBound, count: count)
        }
        origin += Int64(range.lowerBound)
        range = 0..<count
    }
}
