import Plugipay
import RowIO

/// Walks through the rows of all inputs of a job, in order, mapped and checked.
///
/// One row at a time stands in its properties; nothing is kept of the rows before it.
struct InputWalk {
    /// Where the present row stands in the job.
    private(set) var place = RowPlace(file: 0, row: 0)
    /// Where it stands in its file.
    private(set) var position = RowPosition(row: 0, line: 0, offset: 0, length: 0)
    /// What it asks for.
    private(set) var draft = RowDraft()
    /// Its canonical body, if `encodeBody()` was called for this row.
    private(set) var body = CanonicalBody()
    /// What is wrong with it.
    private(set) var problems: [RowProblem] = []
    /// The inputs as far as they have been read.
    private(set) var inputs: [InputRecord] = []
    /// What the files were when they were opened; `nil` for standard input.
    private(set) var identities: [FileIdentity?] = []
    /// The original bytes of headers of inputs that cannot be read again, by input.
    private(set) var rawHeaders: [Int: [UInt8]] = [:]
    /// Rows taken so far.
    private(set) var taken = 0
    /// Columns that are read and not used, by input.
    private(set) var leftOut: [[LeftOutColumn]] = []

    private let job: ImportJob
    private let mapping: FieldMapping
    private let validator = Validator()
    private var current: OpenInput?
    private var batch = RowBatch()
    /// The reader's columns after this batch; asked for once, because a reader is dear to copy.
    private var columns: [Column] = []
    private var nextRow = 0
    private var fieldIssues: [FieldIssue] = []
    /// Rows met so far, those left out at the start included.
    private var met = 0

    init(job: ImportJob) {
        self.job = job
        mapping = FieldMapping(options: job.mapping)
    }

    private struct OpenInput {
        var input: RowInput
        var mapper: Mapper
    }

    /// Goes to the next row.
    ///
    /// - Returns: Whether there is one.
    /// - Throws: `BatchError` when an input cannot be read on, or its columns cannot be mapped.
    mutating func advance() throws(BatchError) -> Bool {
        guard job.limit.map({ taken < $0 }) ?? true else {
            try closeInput()
            return false
        }
        while true {
            if nextRow >= batch.rows.count {
                guard try fetch() else { return false }
            }
            nextRow += 1
            met += 1
            guard met > job.skip else { continue }
            take()
            return true
        }
    }

    /// Bytes of all inputs read so far, as on disk.
    var bytesRead: Int64 {
        // Those of the present input are noted when it is closed.
        inputs.reduce(current?.input.bytesRead ?? 0) { $0 + $1.bytes }
    }

    /// Ends the walk where it stands: what has been read so far is all that there is.
    mutating func leave() {
        noteBytes()
    }

    /// The original bytes of the present row, where the input cannot be read again.
    var rawBytes: [UInt8]? {
        guard nextRow > 0 else { return nil }
        return batch.rows[nextRow - 1].raw.map { Array(batch.raw[$0]) }
    }

    /// The externalId of the present row, if it has one.
    var externalID: String? { draft.text(of: .externalId) }

    /// Writes the canonical body of the present row, which must have no problems.
    ///
    /// Not every walk needs it: a check that sends nothing takes the draft as it is.
    mutating func encodeBody() {
        draft.encodeBody(into: &body)
    }

    /// Makes the row before `nextRow` the present one.
    ///
    /// It is read where it stands: what is retained and released for each row costs more here than
    /// the work on it, because either waits for all writes to memory before it.
    private mutating func take() {
        let index = nextRow - 1
        taken += 1
        position = batch.rows[index].position
        place = RowPlace(file: inputs.count - 1, row: position.row)
        note(position.row)
        if !fieldIssues.isEmpty { fieldIssues.removeAll(keepingCapacity: true) }
        if !problems.isEmpty { problems.removeAll(keepingCapacity: true) }
        current?.mapper.map(
            batch.rows[index],
            of: batch,
            columns: columns,
            into: &draft,
            issues: &fieldIssues
        )
        validator.check(draft, issues: &fieldIssues)
        guard batch.rows[index].issues.isEmpty, fieldIssues.isEmpty else {
            return noteProblems(of: batch.rows[index])
        }
    }

    private mutating func noteProblems(of row: Row) {
        problems =
            row.issues.map(RowProblem.init)
            + (row.isReadable ? fieldIssues : [])
            .map(RowProblem.init)
    }

    private mutating func note(_ number: Int) {
        let last = inputs.count - 1
        if inputs[last].rows == 0 { inputs[last].first = number }
        inputs[last].rows += 1
        inputs[last].last = number
    }

    // MARK: Inputs

    /// Gets the next batch, from this input or the next one.
    private mutating func fetch() throws(BatchError) -> Bool {
        batch = RowBatch()
        nextRow = 0
        while true {
            if current == nil {
                guard inputs.count < job.inputs.count else { return false }
                try open(job.inputs[inputs.count])
            }
            do {
                if let next = try current?.input.next() {
                    batch = next
                    try requireNoHeader()
                    columns = current?.input.reader.columns ?? []
                    return true
                }
            } catch {
                noteBytes()
                throw BatchError(.input, error.description, cause: error)
            }
            try closeInput()
        }
    }

    /// A header line where there should be none would become a customer called Name.
    private func requireNoHeader() throws(InputError) {
        guard let columns = job.columns, let first = batch.rows.first, first.position.row == 1,
            columns.areRepeated(by: first, of: batch)
        else { return }
        throw InputError(
            code: .badHeader,
            message:
                "line \(first.position.line) holds the names given with --columns, so the file "
                + "has a header line; leave out --no-header and --columns",
            path: job.inputs[inputs.count - 1]
        )
    }

    private mutating func open(_ path: String) throws(BatchError) {
        let isStandardInput = path == "-"
        do {
            var options = job.inputOptions
            options.keepsRawBytes = isStandardInput
            let input = try RowInput.open(
                isStandardInput ? .standardInput : .file(path),
                options: options
            )
            var record = InputRecord(file: inputs.count, path: path, format: input.format.rawValue)
            record.header = input.reader.header.map { $0.offset..<$0.offset + Int64($0.length) }
            let mapper = try mapper(for: input, named: path)
            rawHeaders[record.file] = input.reader.rawHeader
            inputs.append(record)
            identities.append(input.identity)
            current = OpenInput(input: input, mapper: mapper)
        } catch let error as InputError {
            throw BatchError(.input, error.description, cause: error)
        } catch let error as MappingError {
            throw BatchError(.input, error.message, cause: error)
        } catch {
            throw BatchError(.internalFault, "\(error)")
        }
    }

    private func mapper(for input: RowInput, named name: String) throws(MappingError) -> Mapper {
        switch input.format {
        case .csv, .tsv:
            do {
                return try mapping.mapper(forHeader: input.reader.columns, of: name)
            } catch {
                throw Self.hinted(error, input)
            }
        case .jsonl:
            return mapping.mapper(
                forObjectsOf: name,
                unknown: job.checksAll ? .refuseRun : .refuseRow
            )
        }
    }

    /// A single column with TABs in its name is a TSV under another name.
    private static func hinted(_ error: MappingError, _ input: RowInput) -> MappingError {
        let columns = input.reader.columns
        guard columns.count == 1, columns[0].name.contains("\t") else { return error }
        var error = error
        error.message +=
            ". There are TABs in the header: if they stand between columns, say "
            + "--format tsv"
        return error
    }

    private mutating func closeInput() throws(BatchError) {
        guard let open = current else { return }
        noteBytes()
        leftOut.append(open.mapper.leftOut)
        current = nil
        do {
            try open.mapper.finish()
        } catch {
            throw BatchError(.input, error.message, cause: error)
        }
    }

    private mutating func noteBytes() {
        guard let open = current else { return }
        inputs[inputs.count - 1].bytes = open.input.bytesRead
    }
}

/// One thing that is wrong with a row, from the reader, the mapper or the validator.
package struct RowProblem: Sendable, Hashable {
    /// The code, as `results.csv` spells it.
    package var code: String
    /// The field; `nil` if it is the row as a whole.
    package var field: String?
    /// What was found and what was expected; never a value.
    package var message: String

    init(code: String, field: String? = nil, message: String) {
        self.code = code
        self.field = field
        self.message = message
    }

    init(_ issue: RowIssue) {
        self.init(code: issue.code.rawValue, message: issue.message)
    }

    init(_ issue: FieldIssue) {
        self.init(code: issue.code, field: issue.field, message: issue.message)
    }
}
