/// Where a row stands in the inputs of a job: which file, and which record of it.
///
/// Places are ordered as the inputs are read.
package struct RowPlace: Sendable, Hashable, Comparable {
    /// The input, from 0, in the order given.
    package var file: Int
    /// The record in that input, from 1, the header not counted.
    package var row: Int

    private static let rowBits = 40

    /// Makes a place.
    ///
    /// - Parameters:
    ///   - file: The input, from 0.
    ///   - row: The record in it, from 1.
    package init(file: Int, row: Int) {
        self.file = file
        self.row = row
    }

    /// Reads a place back from its key.
    ///
    /// - Parameter key: A value of `key`.
    package init(key: Int64) {
        file = Int(key >> Self.rowBits)
        row = Int(key & (1 << Self.rowBits - 1))
    }

    /// The place as one number that orders alike: the journal's primary key of a row.
    ///
    /// There is room for 2^40 - 1 rows a file.
    package var key: Int64 {
        Int64(file) << Self.rowBits | Int64(row)
    }

    package static func < (left: RowPlace, right: RowPlace) -> Bool {
        left.key < right.key
    }
}
