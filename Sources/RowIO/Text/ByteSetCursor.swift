/// Finds the bytes that matter to a scanner, 64 at a time, and notices text that needs a closer
/// look.
///
/// It is the one place with unchecked loads. The caller guarantees `ReadWindow.slack` readable
/// bytes behind `end`; what stands there is never reported.
struct ByteSetCursor {
    /// Four bytes to look for; a smaller set repeats one.
    struct Wanted {
        let a: SIMD16<UInt8>
        let b: SIMD16<UInt8>
        let c: SIMD16<UInt8>
        let d: SIMD16<UInt8>

        init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
            self.a = SIMD16(repeating: a)
            self.b = SIMD16(repeating: b)
            self.c = SIMD16(repeating: c)
            self.d = SIMD16(repeating: d)
        }
    }

    private static let blockBytes = 64

    private let bytes: UnsafePointer<UInt8>
    private let end: Int
    private let wanted: Wanted
    private var block: Int
    /// The wanted bytes of the block that were not yet reported.
    private var mask: UInt64 = 0
    private var isBlockSuspect = false
    /// Whether a block since the last `beginRecord` holds NUL or anything beyond ASCII.
    private(set) var isSuspect = false

    /// Looks in `bytes[start..<end]`.
    init(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, wanted: Wanted) {
        self.bytes = bytes
        self.end = end
        self.wanted = wanted
        block = start
        if start < end { load() }
    }

    /// The index of the next wanted byte, or `end`.
    @inline(__always)
    mutating func next() -> Int {
        while mask == 0 {
            guard block + Self.blockBytes < end else { return end }
            block += Self.blockBytes
            load()
        }
        let index = block + mask.trailingZeroBitCount
        mask &= mask &- 1
        return index
    }

    /// Forgets the suspicion of blocks that a new record does not touch.
    @inline(__always)
    mutating func beginRecord() {
        isSuspect = isBlockSuspect
    }

    /// Goes back, or on, to `start`.
    mutating func seek(to start: Int) {
        self = ByteSetCursor(bytes, from: start, to: end, wanted: wanted)
    }

    @inline(__always)
    private mutating func load() {
        var found: UInt64 = 0
        var union = SIMD16<UInt8>(repeating: 0)
        var zeros = union .!= union
        let base = UnsafeRawPointer(bytes + block)
        for part in 0..<4 {
            let chunk = base.loadUnaligned(fromByteOffset: part * 16, as: SIMD16<UInt8>.self)
            let hits =
                (chunk .== wanted.a) .| (chunk .== wanted.b) .| (chunk .== wanted.c)
                .| (chunk .== wanted.d)
            found |= Self.bits(hits) << UInt64(part * 16)
            union |= chunk
            zeros = zeros .| (chunk .== SIMD16(repeating: 0))
        }
        let left = end - block
        if left < Self.blockBytes { found &= (1 << UInt64(left)) &- 1 }
        mask = found
        let high = unsafeBitCast(union, to: SIMD2<UInt64>.self) & 0x8080_8080_8080_8080
        let lanes = unsafeBitCast(zeros, to: SIMD2<UInt64>.self) | high
        isBlockSuspect = (lanes[0] | lanes[1]) != 0
        isSuspect = isSuspect || isBlockSuspect
    }

    /// One bit a lane: each lane keeps a bit of its own, and a multiplication gathers eight lanes.
    @inline(__always)
    private static func bits(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
        let weights = SIMD16<UInt8>(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128)
        let lanes = unsafeBitCast(
            unsafeBitCast(mask, to: SIMD16<UInt8>.self) & weights,
            to: SIMD2<UInt64>.self
        )
        let ones: UInt64 = 0x0101_0101_0101_0101
        return ((lanes[0] &* ones) >> 56) | (((lanes[1] &* ones) >> 56) << 8)
    }
}
