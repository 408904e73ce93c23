/// The bounds that keep a reader's memory constant, whatever the input holds.
package struct RowLimits: Sendable, Hashable {
    /// The longest record in bytes, its line end not counted: 1 MiB.
    package var recordBytes = 1 << 20
    /// The most columns of a CSV header, and the most different member paths of a JSONL input.
    ///
    /// `Cell` keeps the index in 16 bits.
    package var columns = 10_000
    /// The most bytes of all member names of a JSONL input together: 1 MiB.
    package var columnNameBytes = 1 << 20
    /// The deepest nesting of JSON objects and arrays; the object of a line is the first level.
    package var jsonDepth = 64

    /// The bounds of `cli.md`.
    package init() {}
}
