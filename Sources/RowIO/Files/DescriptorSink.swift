import SystemPackage

/// Writes to an open descriptor through a buffer.
///
/// It never closes the descriptor.
package final class DescriptorSink: ByteSink {
    /// What is gathered before a write(2): 64 KiB.
    package static let bufferBytes = 64 << 10

    private let descriptor: Int32
    private let name: String
    private var buffer: [UInt8] = []

    /// A sink to `descriptor`, called `name` in errors.
    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        buffer.reserveCapacity(Self.bufferBytes)
    }

    /// Standard output.
    ///
    /// A closed pipe is an error like any other, if the process ignores SIGPIPE.
    package static func standardOutput() -> DescriptorSink {
        DescriptorSink(descriptor: 1, name: "standard output")
    }

    /// Takes all of `bytes[range]`.
    package func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        if buffer.count + range.count > Self.bufferBytes { try flush() }
        if range.count >= Self.bufferBytes {
            try put(bytes, range)
        } else {
            buffer.append(contentsOf: bytes[range])
        }
    }

    /// Writes what the buffer holds.
    package func flush() throws(OutputError) {
        guard !buffer.isEmpty else { return }
        // Emptied first: after a failure nobody knows how much was taken, so it is not sent again.
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try put(bytes, bytes.indices)
    }

    private func put(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        do {
            try SystemCalls.write(descriptor, bytes, range)
        } catch {
            throw OutputError(
                code: .writeFailed,
                message: "writing failed: \(error)",
                path: name,
                cause: error
            )
        }
    }
}
