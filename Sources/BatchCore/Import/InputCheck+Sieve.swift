// The quick way through an input in which no row repeats another, as most are.
extension InputCheck {
    /// Invalid rows that are kept until it is certain that nothing repeats.
    private static let keptRows = 1000

    /// Checks every row, and whether any repeats another, without asking which.
    ///
    /// - Parameter onRow: Takes the invalid rows, in order, unless the answer is no.
    /// - Returns: Whether that was enough; else the rows must be gone through one by one, with the
    ///   index.
    /// - Throws: As `run` does.
    mutating func sift(
        _ onRow: (CheckedRow) throws(BatchError) -> Void
    ) throws(BatchError) -> Bool {
        var sieve = RepeatSieve()
        var invalid: [CheckedRow] = []
        var valid = 0
        do {
            while try walk.advance() {
                countRow(errors: invalid.count)
                if walk.problems.isEmpty {
                    valid += 1
                    countIdentity()
                    sieve.add(Fingerprint.identity(of: walk.draft, by: hash))
                } else {
                    guard invalid.count < Self.keptRows else { return false }
                    invalid.append(row(.invalid))
                    report.counts[.invalid] = invalid.count
                    testErrorLimit(isEnd: false)
                }
            }
        } catch {
            // Damage ends the input; what was found before it is told all the same.
            for row in invalid { try onRow(row) }
            throw error
        }
        guard !sieve.hasRepeats() else { return false }
        if valid > 0 { report.counts[.valid] = valid }
        for row in invalid { try onRow(row) }
        return true
    }
}
