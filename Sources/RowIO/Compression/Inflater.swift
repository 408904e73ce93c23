import CZlib

/// Decompresses gzip members (RFC 1952) with zlib, which also checks CRC and size of each.
///
/// A class because zlib keeps the address of its stream.
final class Inflater {
    /// What one step did.
    struct Step {
        enum Outcome {
            /// More input or more room is needed.
            case running
            /// The member is complete and fits its checksum.
            case memberEnded
            /// The bytes are no valid member; the text says what zlib found.
            case corrupt(String)
        }

        /// Compressed bytes used.
        var consumed: Int
        /// Bytes written to the output.
        var produced: Int
        var outcome: Outcome
    }

    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil if there is no memory for it (about 40 KiB).
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, plus 16: a gzip wrapper is demanded and checked.
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Prepares for the next member.
    func reset() {
        inflateReset(stream)
    }

    /// Decompresses `input[source]` into `output[target]` as far as either goes.
    func inflate(
        _ input: [UInt8],
        _ source: Range<Int>,
        into output: inout [UInt8],
        _ target: Range<Int>
    ) -> Step {
        let step = ZlibStep.run(stream, input, source, into: &output, target) {
            CZlib.inflate($0, Z_NO_FLUSH)
        }
        return Step(
            consumed: step.consumed,
            produced: step.produced,
            outcome: outcome(of: step.status)
        )
    }

    private func outcome(of status: Int32) -> Step.Outcome {
        switch status {
        case Z_STREAM_END: .memberEnded
        // Z_BUF_ERROR: no progress was possible in this step; more input cures it.
        case Z_OK, Z_BUF_ERROR: .running
        case Z_NEED_DICT: .corrupt("a preset dictionary is needed")
        case Z_MEM_ERROR: .corrupt("out of memory")
        default: .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "invalid data")
        }
    }
}
