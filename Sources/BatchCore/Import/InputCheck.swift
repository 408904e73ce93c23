import Plugipay
package import RowIO

/// Reads, maps and checks every row of a job, and sends nothing: what `validate` does, and what an
/// import does before its first request.
package struct InputCheck {
    /// What the check found.
    package struct Report: Sendable {
        /// Rows by status: `valid`, `invalid` and `duplicate`.
        package var counts: [RowStatus: Int] = [:]
        /// Rows that are to be sent and have no externalId.
        package var withoutExternalID = 0
        /// Rows whose externalId looks like an e-mail; it is shown in files and on screen.
        package var externalIDsLikeEmails = 0
        /// The inputs.
        package var inputs: [InputRecord] = []
        /// Columns that are read and not used, by input.
        package var leftOut: [[LeftOutColumn]] = []
        /// What the files were when they were read.
        package var identities: [FileIdentity?] = []

        /// Whether `--max-errors` was exceeded at some row, or at the end.
        package var exceedsErrorLimit = false

        /// Rows read.
        package var rows: Int { counts.values.reduce(0, +) }
        /// Rows of one status.
        package func count(_ status: RowStatus) -> Int { counts[status] ?? 0 }
    }

    /// A row as the check sees it.
    package struct CheckedRow: Sendable {
        /// Where the row stands in the job.
        package var place: RowPlace
        /// Where it stands in its file.
        package var position: RowPosition
        /// `valid`, `invalid` or `duplicate`.
        package var status: RowStatus
        /// Its externalId, if it has one that can be read.
        package var externalID: String?
        /// What is wrong with it.
        package var problems: [RowProblem]
        /// A word for the user that is no problem: which row it repeats.
        package var message: String?
        /// Its original bytes, where the input cannot be read again.
        package var rawBytes: [UInt8]?
    }

    private let job: ImportJob
    private var walk: InputWalk
    private var index = IdentityIndex()
    private var report = Report()
    /// Rows met before each file, for naming a row by its number in the job.
    private var fileStarts: [Int] = []
    private var number = 0

    /// Prepares a check.
    ///
    /// - Parameter job: The job; of it only what concerns inputs, mapping and repeats is read.
    package init(job: ImportJob) {
        self.job = job
        walk = InputWalk(job: job)
    }

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - wantsAll: Whether `onRow` is to get the valid rows as well.
    ///   - onRow: Takes the rows, in order.
    /// - Returns: What was found.
    /// - Throws: `BatchError` when an input cannot be read to its end or its columns not be mapped,
    ///   or what `onRow` throws.
    package mutating func run(
        wantsAll: Bool = false,
        onRow: (CheckedRow) throws(BatchError) -> Void = { _ in }
    ) throws(BatchError) -> Report {
        while try walk.advance() {
            let row = check()
            report.counts[row.status, default: 0] += 1
            if row.status == .invalid { testErrorLimit(isEnd: false) }
            if wantsAll || row.status != .valid { try onRow(row) }
        }
        testErrorLimit(isEnd: true)
        report.inputs = walk.inputs
        report.leftOut = walk.leftOut
        report.identities = walk.identities
        return report
    }

    private mutating func check() -> CheckedRow {
        number += 1
        if fileStarts.count <= walk.place.file { noteFileStart() }
        var row = CheckedRow(
            place: walk.place,
            position: walk.position,
            status: .valid,
            problems: walk.problems
        )
        if row.problems.isEmpty { findRepeat(&row) }
        if !row.problems.isEmpty { row.status = .invalid }
        row.externalID = walk.externalID
        row.rawBytes = walk.rawBytes
        if row.status == .valid { countIdentity() }
        return row
    }

    private mutating func testErrorLimit(isEnd: Bool) {
        guard let limit = job.errorLimit, !report.exceedsErrorLimit else { return }
        report.exceedsErrorLimit = limit.isExceeded(
            errors: report.count(.invalid),
            rows: number,
            isEnd: isEnd
        )
    }

    private mutating func noteFileStart() {
        // A file without rows leaves no trace of its own; its start is that of the next one.
        while fileStarts.count <= walk.place.file { fileStarts.append(number - walk.place.row) }
    }

    private mutating func countIdentity() {
        guard let range = walk.draft[.externalId] else {
            report.withoutExternalID += 1
            return
        }
        if walk.draft.bytes[range].contains(UInt8(ascii: "@")) {
            report.externalIDsLikeEmails += 1
        }
    }

    private mutating func findRepeat(_ row: inout CheckedRow) {
        let fingerprint = Fingerprint(draft: walk.draft, body: walk.body.bytes)
        let new = IdentityIndex.Item(
            content: fingerprint.content,
            number: UInt32(truncatingIfNeeded: number),
            isSeen: true
        )
        guard let found = index.find(fingerprint.identity, confirm: { _ in true }) else {
            index.insert(new, for: fingerprint.identity)
            return
        }
        if found.content == new.content {
            guard !job.allowsDuplicates || fingerprint.hasExternalID else { return }
            row.status = .duplicate
            row.message = "repeats \(name(of: found.number, from: row.place))"
        } else if job.onConflict == .update {
            index.replace(found, by: new, for: fingerprint.identity)
        } else {
            let first = name(of: found.number, from: row.place)
            row.problems.append(.repeatedExternalID(of: first))
        }
    }

    private func name(of number: UInt32, from place: RowPlace) -> String {
        let file = fileStarts.lastIndex { $0 < Int(number) } ?? 0
        let row = Int(number) - fileStarts[file]
        return RowPlace(file: file, row: row).name(from: place, in: job.inputs)
    }
}

/// What tells rows apart within one process: hashes that differ from process to process, quicker
/// than those of the journal.
private struct Fingerprint {
    let identity: UInt64
    let content: UInt32
    let hasExternalID: Bool

    init(draft: RowDraft, body: [UInt8]) {
        let content = Self.hash(body[...])
        self.content = UInt32(truncatingIfNeeded: content >> 32)
        if let externalID = draft[.externalId] {
            identity = Self.hash(draft.bytes[externalID])
            hasExternalID = true
        } else {
            // Not the hash of an externalId with these bytes.
            identity = ~content
            hasExternalID = false
        }
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt64(truncatingIfNeeded: hasher.finalize())
    }
}

extension RowProblem {
    static func repeatedExternalID(of row: String) -> RowProblem {
        RowProblem(
            code: "repeated_external_id",
            field: CustomerField.externalId.label,
            message: "the externalId is that of \(row), with other content"
        )
    }
}

extension RowPlace {
    /// The row as a message names it.
    ///
    /// - Parameters:
    ///   - other: The row that the message is about.
    ///   - inputs: The paths of the inputs.
    /// - Returns: Its number, and its file where that is another one.
    func name(from other: RowPlace, in inputs: [String]) -> String {
        guard file != other.file, inputs.indices.contains(file) else { return "row \(row)" }
        return "row \(row) of \(inputs[file])"
    }
}
