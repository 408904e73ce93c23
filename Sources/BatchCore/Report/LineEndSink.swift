import RowIO

/// Passes bytes on, and can end the last line: the last record of a file may lack its line end.
final class LineEndSink: ByteSink {
    private let sink: any ByteSink
    private var last: UInt8?

    init(_ sink: any ByteSink) {
        self.sink = sink
    }

    func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        guard let final = bytes[range].last else { return }
        last = final
        try sink.write(bytes, range)
    }

    func flush() throws(OutputError) {
        try sink.flush()
    }

    /// Writes a line end unless one stands there, or nothing at all.
    func finish() throws(OutputError) {
        guard let last, last != UInt8(ascii: "\n"), last != UInt8(ascii: "\r") else { return }
        try write([UInt8(ascii: "\n")])
    }
}
