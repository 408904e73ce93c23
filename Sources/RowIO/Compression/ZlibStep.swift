import CZlib

/// What one call of zlib did: its status, and how far it went on either side.
struct ZlibStep {
    /// zlib's word for it.
    var status: Int32
    /// Bytes of the input used.
    var consumed: Int
    /// Bytes written to the output.
    var produced: Int

    /// Lets zlib work from `input[source]` into `output[target]`; `call` hands the stream to it.
    static func run(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ input: [UInt8],
        _ source: Range<Int>,
        into output: inout [UInt8],
        _ target: Range<Int>,
        _ call: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> ZlibStep {
        precondition(source.upperBound <= input.count && target.upperBound <= output.count)
        let status = input.withUnsafeBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                stream.pointee.next_in = from.baseAddress.map {
                    UnsafeMutablePointer(mutating: $0 + source.lowerBound)
                }
                stream.pointee.avail_in = UInt32(clamping: source.count)
                stream.pointee.next_out = to.baseAddress.map { $0 + target.lowerBound }
                stream.pointee.avail_out = UInt32(clamping: target.count)
                return call(stream)
            }
        }
        return ZlibStep(
            status: status,
            consumed: min(source.count, Int(UInt32.max)) - Int(stream.pointee.avail_in),
            produced: min(target.count, Int(UInt32.max)) - Int(stream.pointee.avail_out)
        )
    }
}
