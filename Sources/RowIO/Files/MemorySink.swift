/// Bytes kept in memory.
package final class MemorySink: ByteSink {
    /// Everything written so far.
    package private(set) var bytes: [UInt8] = []

    /// An empty sink.
    package init() {}

    /// Takes all of `bytes[range]`.
    package func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        self.bytes.append(contentsOf: bytes[range])
    }

    /// Does nothing: memory needs no flush.
    package func flush() throws(OutputError) {}
}
