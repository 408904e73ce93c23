/// Original bytes of rows of an input that cannot be read again, kept until it is certain that they
/// are no rejects.
package struct KeptRows: Sendable {
    /// The most bytes kept.
    ///
    /// Rows beyond it are missing in the file of rejects, which is said.
    package static let byteLimit = 32 << 20

    /// The bytes, by row.
    package private(set) var rows: [RowPlace: [UInt8]] = [:]
    private var byteCount = 0
    /// Rows whose bytes found no room.
    package private(set) var lost = 0

    /// Keeps nothing yet.
    package init() {}

    mutating func keep(_ bytes: [UInt8], of place: RowPlace) {
        guard byteCount + bytes.count <= Self.byteLimit else {
            lost += 1
            return
        }
        byteCount += bytes.count
        rows[place] = bytes
    }

    mutating func drop(_ place: RowPlace) {
        guard let bytes = rows.removeValue(forKey: place) else { return }
        byteCount -= bytes.count
    }
}
