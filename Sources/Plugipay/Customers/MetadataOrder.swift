/// The order of metadata names in a body.
///
/// JavaScript keeps the members of an object in the order in which they were added, except that
/// names which are array indexes (`0` to `4294967294`, ECMAScript "integer index") come first, in
/// numeric order. Writing them so makes the bytes survive a parse and a serialisation there.
enum MetadataOrder {
    private static let largestIndex: UInt64 = 4_294_967_294
    private static let longestIndex = 10

    static func sorted(
        _ pairs: [(key: Range<Int>, value: Range<Int>)],
        in text: UnsafeBufferPointer<UInt8>
    ) -> [(key: Range<Int>, value: Range<Int>)] {
        guard pairs.count > 1 else { return pairs }
        return pairs.sorted {
            isBefore(
                UnsafeBufferPointer(rebasing: text[$0.key]),
                UnsafeBufferPointer(rebasing: text[$1.key])
            )
        }
    }

    private static func isBefore(
        _ left: UnsafeBufferPointer<UInt8>,
        _ right: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        switch (arrayIndex(left), arrayIndex(right)) {
        case (let left?, let right?): left < right
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left.lexicographicallyPrecedes(right)
        }
    }

    private static func arrayIndex(_ name: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard let first = name.first, name.count <= longestIndex else { return nil }
        guard first != UInt8(ascii: "0") || name.count == 1 else { return nil }
        var value: UInt64 = 0
        for byte in name {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        return value <= largestIndex ? value : nil
    }
}
