import CZlib

/// Compresses into gzip members (RFC 1952) with zlib.
///
/// The header holds no time and no name, so the same bytes in give the same bytes out.
/// A class because zlib keeps the address of its stream.
final class Deflater {
    /// How far a step goes.
    enum Goal {
        /// Take the input; what is not yet worth writing stays inside.
        case take
        /// Bring everything taken so far to the output, at the cost of some compression.
        case flush
        /// End the member.
        case end
    }

    /// What one step did.
    struct Step {
        /// Bytes of the input used.
        var consumed: Int
        /// Compressed bytes written to the output.
        var produced: Int
        /// Whether the goal is reached; else the output is full, and the same call goes on.
        var isDone: Bool
    }

    /// zlib's own default: the point where more work stops to pay.
    private static let level: Int32 = 6
    /// 32 KiB of window, the most there is, plus 16: a gzip wrapper.
    private static let windowBits: Int32 = 15 + 16
    /// zlib's default.
    private static let memoryLevel: Int32 = 8

    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil if there is no memory for it (about 256 KiB).
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream,
            Self.level,
            Z_DEFLATED,
            Self.windowBits,
            Self.memoryLevel,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Prepares for the next member.
    func reset() {
        deflateReset(stream)
    }

    /// Compresses `input[source]` into `output[target]` as far as either goes; nil if zlib fails,
    /// which it does for no input.
    func deflate(
        _ input: [UInt8],
        _ source: Range<Int>,
        into output: inout [UInt8],
        _ target: Range<Int>,
        _ goal: Goal
    ) -> Step? {
        let step = ZlibStep.run(stream, input, source, into: &output, target) {
            CZlib.deflate($0, flag(goal))
        }
        // Z_BUF_ERROR: there was nothing to do in this step.
        guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(step.status) else { return nil }
        let hasRoom = stream.pointee.avail_out > 0
        return Step(
            consumed: step.consumed,
            produced: step.produced,
            isDone: goal == .end
                ? step.status == Z_STREAM_END : step.consumed == source.count && hasRoom
        )
    }

    private func flag(_ goal: Goal) -> Int32 {
        switch goal {
        case .take: Z_NO_FLUSH
        case .flush: Z_SYNC_FLUSH
        case .end: Z_FINISH
        }
    }
}
