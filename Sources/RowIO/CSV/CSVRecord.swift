/// One record as the scanner found it; indices are those of the window.
struct CSVRecord {
    /// What is wrong with the record's shape.
    enum Flaw {
        /// Text follows the closing quote of a cell; the quote that opened it is at `flawIndex`.
        case badQuote
        /// The quote at `flawIndex` is never closed.
        case unclosedQuote
    }

    /// The record's bytes, its line end included.
    var range: Range<Int>
    /// The physical line on which it starts.
    var line: Int
    /// Its cells in the batch.
    var cells: Range<Int>
    /// How many cells it has, those beyond the header's columns included.
    var cellCount: Int
    /// Whether a cell beyond the columns holds something.
    var hasSurplus: Bool
    /// Whether it may hold NUL or bytes that are not UTF-8.
    var isSuspect: Bool
    /// The first flaw of its quotes.
    var flaw: Flaw?
    /// The place and the physical line of the quote that the flaw is about.
    var flawIndex: Int
    var flawLine: Int
}
