/// Fields joined so that no two different lists of fields give the same bytes: each is preceded by
/// its length as 8 big-endian bytes.
struct LengthPrefixed {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ field: some Collection<UInt8>) {
        withUnsafeBytes(of: UInt64(field.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: field)
    }

    mutating func append(_ field: String) {
        append(field.utf8)
    }
}
