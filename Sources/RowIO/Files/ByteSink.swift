/// Where bytes go, in order.
package protocol ByteSink: AnyObject {
    /// Takes all of `bytes[range]`, perhaps into a buffer.
    func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError)
    /// Hands everything taken so far to the system.
    func flush() throws(OutputError)
}

extension ByteSink {
    /// Takes all of `bytes`.
    package func write(_ bytes: [UInt8]) throws(OutputError) {
        try write(bytes, bytes.indices)
    }

    /// Takes the UTF-8 of `text`.
    package func write(_ text: String) throws(OutputError) {
        try write(Array(text.utf8))
    }
}
