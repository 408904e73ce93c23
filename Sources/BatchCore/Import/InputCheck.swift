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

    let job: ImportJob
    var walk: InputWalk
    private var index = IdentityIndex()
    /// The start of all hashes.
    let hash = FastHash()
    var report = Report()
    /// Rows met before each file, for naming a row by its number in the job.
    private var fileStarts: [Int] = []
    var number = 0
    private var meter: CheckMeter?

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - job: The job; of it only what concerns inputs, mapping and repeats is read.
    ///   - environment: Who is told how far the check is; `nil` for nobody.
    package init(job: ImportJob, environment: RunEnvironment? = nil) {
        self.job = job
        walk = InputWalk(job: job)
        meter = environment.map { CheckMeter(inputs: job.inputs, environment: $0) }
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
        if !wantsAll, job.isRereadable {
            if try sift(onRow) { return finished() }
            restart()
        }
        var valid = 0
        while try walk.advance() {
            let repetition = check()
            if repetition == nil, walk.problems.isEmpty {
                valid += 1
                countIdentity()
                // Nearly all rows end here, so that no more is made of them than is asked for.
                guard wantsAll else { continue }
                try onRow(row(.valid))
                continue
            }
            let row = refusedRow(repetition)
            report.counts[row.status, default: 0] += 1
            if row.status == .invalid { testErrorLimit(isEnd: false) }
            try onRow(row)
        }
        if valid > 0 { report.counts[.valid] = valid }
        return finished()
    }

    private mutating func finished() -> Report {
        testErrorLimit(isEnd: true)
        report.inputs = walk.inputs
        report.leftOut = walk.leftOut
        report.identities = walk.identities
        return report
    }

    private mutating func restart() {
        walk = InputWalk(job: job)
        report = Report()
        number = 0
    }

    /// Counts the present row, and looks for an earlier one that it repeats.
    private mutating func check() -> Repetition? {
        countRow(errors: report.count(.invalid))
        if fileStarts.count <= walk.place.file { noteFileStart() }
        return walk.problems.isEmpty ? findRepeat() : nil
    }

    /// Counts the present row, and now and then tells how far the check is.
    mutating func countRow(errors: Int) {
        number += 1
        guard number.isMultiple(of: CheckMeter.rows) else { return }
        meter?.note(rows: number, errors: errors, bytesRead: walk.bytesRead)
    }

    func row(_ status: RowStatus) -> CheckedRow {
        CheckedRow(
            place: walk.place,
            position: walk.position,
            status: status,
            externalID: walk.externalID,
            problems: walk.problems,
            rawBytes: walk.rawBytes
        )
    }

    private func refusedRow(_ repetition: Repetition?) -> CheckedRow {
        guard let repetition else { return row(.invalid) }
        let first = name(of: repetition.number, from: walk.place)
        var row = row(repetition.isSame ? .duplicate : .invalid)
        if repetition.isSame {
            row.message = "repeats \(first)"
        } else {
            row.problems.append(.repeatedExternalID(of: first))
        }
        return row
    }

    mutating func testErrorLimit(isEnd: Bool) {
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

    mutating func countIdentity() {
        guard let range = walk.draft[.externalId] else {
            report.withoutExternalID += 1
            return
        }
        if walk.draft.bytes.span.extracting(range).contains(UInt8(ascii: "@")) {
            report.externalIDsLikeEmails += 1
        }
    }

    private mutating func findRepeat() -> Repetition? {
        let fingerprint = Fingerprint(of: walk.draft, by: hash)
        let new = IdentityIndex.Item(
            content: fingerprint.content,
            number: UInt32(truncatingIfNeeded: number),
            isSeen: true
        )
        guard let found = index.find(fingerprint.identity, confirm: { _ in true }) else {
            index.insert(new, for: fingerprint.identity)
            return nil
        }
        if found.content == new.content {
            guard !job.allowsDuplicates || fingerprint.hasExternalID else { return nil }
            return Repetition(number: found.number, isSame: true)
        }
        guard job.onConflict == .update else {
            return Repetition(number: found.number, isSame: false)
        }
        index.replace(found, by: new, for: fingerprint.identity)
        return nil
    }

    private func name(of number: UInt32, from place: RowPlace) -> String {
        let file = fileStarts.lastIndex { $0 < Int(number) } ?? 0
        let row = Int(number) - fileStarts[file]
        return RowPlace(file: file, row: row).name(from: place, in: job.inputs)
    }
}

/// An earlier row that has the identity of a later one.
private struct Repetition {
    /// Its number in the job.
    let number: UInt32
    /// Whether it has the same content as well.
    let isSame: Bool
}

/// What tells rows apart within one process: hashes that differ from process to process, quicker
/// than those of the journal.
struct Fingerprint {
    let identity: UInt64
    let content: UInt32
    let hasExternalID: Bool

    init(of draft: RowDraft, by start: FastHash) {
        var content = start
        draft.hash(into: &content)
        self.content = UInt32(truncatingIfNeeded: content.value >> 32)
        if let externalID = Self.externalID(of: draft, by: start) {
            identity = externalID
            hasExternalID = true
        } else {
            identity = Self.bareIdentity(content)
            hasExternalID = false
        }
    }

    /// The identity alone: of a row with an externalId only that is hashed.
    static func identity(of draft: RowDraft, by start: FastHash) -> UInt64 {
        if let externalID = externalID(of: draft, by: start) { return externalID }
        var content = start
        draft.hash(into: &content)
        return bareIdentity(content)
    }

    private static func externalID(of draft: RowDraft, by start: FastHash) -> UInt64? {
        guard let range = draft[.externalId] else { return nil }
        var hash = start
        hash.combine(draft.bytes.span.extracting(range))
        return hash.value
    }

    /// Not the hash of an externalId with these bytes.
    private static func bareIdentity(_ content: FastHash) -> UInt64 { ~content.value }
}

extension Span<UInt8> {
    fileprivate func contains(_ byte: UInt8) -> Bool {
        for index in indices where self[index] == byte { return true }
        return false
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
