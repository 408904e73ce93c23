import Crypto
import RowIO

/// Counts and hashes the bytes on their way to a file, as they will stand on disk.
final class DigestSink: ByteSink {
    /// The bytes so far.
    private(set) var count: Int64 = 0
    private var hasher = SHA256()
    private let sink: any ByteSink

    init(_ sink: any ByteSink) {
        self.sink = sink
    }

    /// SHA-256 of the bytes so far, in lower-case hex.
    var hexDigest: String {
        // A copy is finished; the hasher itself goes on.
        let digest = hasher.finalize()
        return digest.reduce(into: "") { text, byte in
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
    }

    /// Takes note of bytes that an earlier run has written.
    func note(_ bytes: [UInt8], _ range: Range<Int>) {
        hasher.update(data: bytes[range])
        count += Int64(range.count)
    }

    func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        try sink.write(bytes, range)
        note(bytes, range)
    }

    func flush() throws(OutputError) {
        try sink.flush()
    }
}
