/// Splits bytes into records and cells: the hot loop of every CSV.
///
/// A value without effects: bytes in, records and cells out. It looks at one window; a record that
/// the window cuts off is left alone, and found again from its start in the next, longer window.
struct CSVScanner {
    /// Why a scan went no further.
    enum Stop {
        /// As many records were found as were asked for.
        case full
        /// The record at `position` is incomplete.
        case needsBytes
        /// The record at `position` is longer than the limit.
        case tooLong
        /// The input ends at `position`.
        case end
    }

    let dialect: CSVDialect
    /// The most bytes of a record without its line end.
    let recordLimit: Int
    /// Cells from this index on are surplus: checked for being empty, not reported.
    var columnLimit: Int
    /// The physical line of `position`.
    var line = 1
    /// Where the next record starts in the window of the last scan.
    private(set) var position = 0
    /// The records found by the last scan.
    private(set) var records: [CSVRecord] = []
    /// The cells, by index, in which a doubled quote stands for one.
    private(set) var doubledCells: [Int] = []

    init(dialect: CSVDialect, recordLimit: Int, columnLimit: Int) {
        self.dialect = dialect
        self.recordLimit = recordLimit
        self.columnLimit = columnLimit
        records.reserveCapacity(RowBatch.capacity)
    }

    /// Finds up to `limit` records in `bytes[range]` and appends their cells, whose ranges count
    /// from the start of `range`.
    ///
    /// `isLast` says that the input ends with it.
    mutating func scan(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        isLast: Bool,
        limit: Int,
        cells: inout [Cell]
    ) -> Stop {
        precondition(range.upperBound + ReadWindow.slack <= bytes.count)
        records.removeAll(keepingCapacity: true)
        doubledCells.removeAll(keepingCapacity: true)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return .end }
            var pass = CSVScanPass(base, range, isLast: isLast, line: line, scanner: self)
            defer {
                position = pass.position
                line = pass.line
            }
            while records.count < limit {
                switch pass.nextRecord(cells: &cells, doubled: &doubledCells) {
                case .record(let record): records.append(record)
                case .stop(let reason): return reason
                }
            }
            return .full
        }
    }
}
