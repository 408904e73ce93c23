package import RowIO

/// Turns rows into drafts, as the roles of their columns say.
///
/// What is wrong with a row is an issue of that row; what is wrong with the columns of a whole
/// input is thrown by `finish()`. Each input has a mapper of its own.
package struct Mapper: Sendable {
    private var roles: [ColumnRole]
    /// For inputs with a header: the columns that do nothing but fill a field or a pair.
    ///
    /// Most cells of most inputs are theirs, and this is the short way for them.
    private let plainColumns: [PlainRole?]
    /// The keys of the pairs of `plainColumns`.
    private let keys: [UInt8]
    private var headerLeftOut: [LeftOutColumn]
    /// For inputs of objects: what each object decides by itself; nil where a header decided.
    private var objects: ObjectResolution?
    private var reader = MetadataReader()

    init(roles: [ColumnRole], leftOut: [LeftOutColumn]) {
        self.roles = roles
        (plainColumns, keys) = PlainRole.list(of: roles)
        headerLeftOut = leftOut
    }

    init(objects: ObjectResolution) {
        roles = []
        plainColumns = []
        keys = []
        headerLeftOut = []
        self.objects = objects
    }

    /// The columns that were seen so far and are not used, in order, for the screen.
    ///
    /// What an export of ours has beside the fields is not among them.
    package var leftOut: [LeftOutColumn] { objects?.leftOut ?? headerLeftOut }

    /// Fills `draft` from a row.
    ///
    /// What the reader found wrong stays in `row.issues` and is not repeated.
    ///
    /// - Parameters:
    ///   - row: the row; one that is not readable leaves the draft empty.
    ///   - batch: the batch that holds it.
    ///   - columns: the reader's columns as they are after this batch was read.
    ///   - draft: where the values go; what it held before is forgotten.
    ///   - issues: where the row's issues are added.
    package mutating func map(
        _ row: borrowing Row,
        of batch: borrowing RowBatch,
        columns: borrowing [Column],
        into draft: inout RowDraft,
        issues: inout [FieldIssue]
    ) {
        draft.reset()
        guard row.isReadable else { return }
        if objects != nil, roles.count < columns.count { learn(columns) }
        objects?.begin()
        let shift = adoptCells(row.cells, of: batch, into: &draft)
        for index in row.cells {
            let cell = batch.cells[index]
            if cell.column < plainColumns.count, let role = plainColumns[cell.column] {
                fill(role, from: cell.range, of: batch.bytes.span, in: &draft, shift)
            } else if cell.column < roles.count {
                place(cell, as: roles[cell.column], of: batch, in: &draft, &issues)
            }
        }
        for key in draft.orderMetadata() { report(repeatedKey: key, in: &issues) }
        objects?.judge(row.position, &issues)
    }

    /// Ends an input: everything that is wrong with its columns, in one error.
    ///
    /// - Throws: `MappingError` if the columns of an input of objects are refused.
    package func finish() throws(MappingError) {
        if let error = objects?.error { throw error }
    }

    private mutating func learn(_ columns: borrowing [Column]) {
        for column in columns[roles.count...] {
            guard let role = objects?.learn(column) else { continue }
            roles.append(role)
        }
    }
}

// MARK: - One cell

extension Mapper {
    /// Copies the cells of a row, which stand one behind the other, if there are plain columns.
    ///
    /// Returns how far apart they stand in the batch and in the draft.
    private func adoptCells(
        _ cells: Range<Int>,
        of batch: borrowing RowBatch,
        into draft: inout RowDraft
    ) -> Int {
        guard !plainColumns.isEmpty, !cells.isEmpty else { return 0 }
        let start = batch.cells[cells.lowerBound].range.lowerBound
        let end = batch.cells[cells.upperBound - 1].range.upperBound
        return draft.adopt(batch.bytes.span.extracting(start..<end)) - start
    }

    @inline(__always)
    private func fill(
        _ role: PlainRole,
        from range: Range<Int>,
        of text: borrowing Span<UInt8>,
        in draft: inout RowDraft,
        _ shift: Int
    ) {
        switch role {
        case .field(let field):
            let range = text.trimmingBlanks(range)
            if !range.isEmpty { draft.set(field, toAdopted: range.shifted(by: shift)) }
        case .metadataCell(let key):
            if range.isEmpty { return }
            draft.addPair(key: keys.span.extracting(key), adopted: range.shifted(by: shift))
        }
    }

    private mutating func place(
        _ cell: Cell,
        as role: ColumnRole,
        of batch: borrowing RowBatch,
        in draft: inout RowDraft,
        _ issues: inout [FieldIssue]
    ) {
        switch role {
        case .field(let field): fill(field, from: cell, of: batch, in: &draft, &issues)
        case .insideField(let field):
            objects?.claim(field, for: cell.column)
            issues.add(.invalidType(field.label, found: "an object"))
        case .metadata: metadata(cell, of: batch, in: &draft, &issues)
        case .metadataCell(let key):
            if cell.range.isEmpty { return }
            pair(key, cell, of: batch, in: &draft, &issues)
        case .metadataMember(let key): pair(key, cell, of: batch, in: &draft, &issues)
        case .insideMetadata(let key): issues.add(.invalidValue(ofPair: key, found: "an object"))
        case .several(let roles):
            for role in roles { place(cell, as: role, of: batch, in: &draft, &issues) }
        case .record, .superseded, .unnamed, .unknown, .leftOut:
            objects?.found(
                role,
                in: cell,
                isBlank: batch.bytes.span.trimmingBlanks(cell.range).isEmpty
            )
        }
    }

    private mutating func fill(
        _ field: CustomerField,
        from cell: Cell,
        of batch: borrowing RowBatch,
        in draft: inout RowDraft,
        _ issues: inout [FieldIssue]
    ) {
        switch cell.kind {
        case .array: issues.add(.invalidType(field.label, found: "an array"))
        case .emptyObject: issues.add(.invalidType(field.label, found: "an object"))
        case .text, .number, .boolean: break
        }
        let isText = cell.kind != .array && cell.kind != .emptyObject
        let range = batch.bytes.span.trimmingBlanks(cell.range)
        if range.isEmpty { return }
        guard objects?.found(field, in: cell.column) ?? true, isText else { return }
        draft.set(field, to: range, of: batch.bytes.span)
    }

    private mutating func metadata(
        _ cell: Cell,
        of batch: borrowing RowBatch,
        in draft: inout RowDraft,
        _ issues: inout [FieldIssue]
    ) {
        switch cell.kind {
        case .emptyObject: draft.beginMetadata()
        case .text: reader.read(cell.range, of: batch.bytes, into: &draft, &issues)
        case .number: issues.add(.invalidMetadata("found a number"))
        case .boolean: issues.add(.invalidMetadata("found true or false"))
        case .array: issues.add(.invalidMetadata("found an array"))
        }
    }

    private func pair(
        _ key: [UInt8],
        _ cell: Cell,
        of batch: borrowing RowBatch,
        in draft: inout RowDraft,
        _ issues: inout [FieldIssue]
    ) {
        switch cell.kind {
        case .text, .number, .boolean:
            draft.addPair(key: key.span, value: batch.bytes.span.extracting(cell.range))
        case .array: issues.add(.invalidValue(ofPair: key, found: "an array"))
        case .emptyObject: issues.add(.invalidValue(ofPair: key, found: "an object"))
        }
    }

    /// An object that names a member twice has said so already.
    private func report(repeatedKey key: String, in issues: inout [FieldIssue]) {
        let field = CustomerColumns.metadata + "." + key
        if issues.contains(where: { $0.rule == .duplicateMember && $0.field == field }) { return }
        let message = "\(field): filled twice, by the metadata object and by a column of its own"
        issues.add(FieldIssue(.invalidMetadata, field: field, message: message))
    }
}

/// What the cells of a plain column do: a role without an array of its own, which would be retained
/// and released for each cell.
private enum PlainRole: Sendable {
    case field(CustomerField)
    /// The key is a range of `Mapper.keys`.
    case metadataCell(key: Range<Int>)

    static func list(of roles: [ColumnRole]) -> (roles: [PlainRole?], keys: [UInt8]) {
        var keys: [UInt8] = []
        let plain = roles.map { role -> PlainRole? in
            switch role {
            case .field(let field): return .field(field)
            case .metadataCell(let key):
                keys += key
                return .metadataCell(key: keys.count - key.count..<keys.count)
            default: return nil
            }
        }
        return (plain, keys)
    }
}

extension Range<Int> {
    @inline(__always)
    fileprivate func shifted(by distance: Int) -> Range {
        lowerBound + distance..<upperBound + distance
    }
}
