import BatchCore
import Plugipay
import RowIO

/// Rows as a reader hands them out, without a file.
struct SampleInput {
    /// A JSON value as a reader flattens it.
    enum Value {
        case text(String)
        case number(String)
        case boolean(Bool)
        case emptyObject
        case array(String)
        case object([(String, Value)])
    }

    var columns: [Column] = []
    var batch = RowBatch()

    /// A CSV: nil is a cell that a short row has not.
    static func csv(_ header: [String], _ rows: [[String?]] = []) -> SampleInput {
        var input = SampleInput(columns: header.map { Column(path: [$0]) })
        for row in rows {
            input.addRow { input in
                for (column, text) in row.enumerated() {
                    if let text { input.add(text, .text, column: column) }
                }
            }
        }
        return input
    }

    /// JSON Lines: columns appear in the order of their members.
    static func objects(_ objects: [[(String, Value)]]) -> SampleInput {
        var input = SampleInput()
        for object in objects {
            input.addRow { $0.add(object, at: []) }
        }
        return input
    }

    private mutating func addRow(_ addCells: (inout SampleInput) -> Void) {
        let first = batch.cells.count
        addCells(&self)
        let number = batch.rows.count + 1
        batch.rows.append(
            Row(
                position: RowPosition(row: number, line: number + 1, offset: 0, length: 0),
                cells: first..<batch.cells.count,
                issues: [],
                isReadable: true,
                raw: nil
            )
        )
    }

    private mutating func add(_ members: [(String, Value)], at path: [String]) {
        for (name, value) in members {
            let path = path + [name]
            switch value {
            case .text(let text): add(text, .text, column: column(at: path))
            case .number(let text): add(text, .number, column: column(at: path))
            case .boolean(let flag): add("\(flag)", .boolean, column: column(at: path))
            case .emptyObject: add("{}", .emptyObject, column: column(at: path))
            case .array(let text): add(text, .array, column: column(at: path))
            case .object(let members): add(members, at: path)
            }
        }
    }

    private mutating func column(at path: [String]) -> Int {
        if let index = columns.firstIndex(where: { $0.path == path }) { return index }
        columns.append(Column(path: path))
        return columns.count - 1
    }

    private mutating func add(_ text: String, _ kind: CellKind, column: Int) {
        let start = batch.bytes.count
        batch.bytes.append(contentsOf: text.utf8)
        batch.cells.append(Cell(column: column, range: start..<batch.bytes.count, kind: kind))
    }
}

/// What mapping made of one row.
struct MappedRow: Equatable {
    var body: String
    var issues: [FieldIssue]

    var codes: [String] { issues.map(\.code) }
}

extension SampleInput {
    /// Maps every row.
    func map(with mapper: inout Mapper) -> [MappedRow] {
        var draft = RowDraft()
        var body = CanonicalBody()
        return batch.rows.map { row in
            var issues: [FieldIssue] = []
            mapper.map(row, of: batch, columns: columns, into: &draft, issues: &issues)
            draft.encodeBody(into: &body)
            return MappedRow(body: String(decoding: body.bytes, as: UTF8.self), issues: issues)
        }
    }

    /// Maps every row as a CSV.
    func mapped(_ maps: [String] = [], ignoring: Bool = false) throws -> [MappedRow] {
        var mapper = try mapper(maps, ignoring: ignoring)
        return map(with: &mapper)
    }

    func mapper(_ maps: [String] = [], ignoring: Bool = false) throws -> Mapper {
        let options = try MappingOptions(maps: maps, ignoresUnknownColumns: ignoring)
        return try FieldMapping(options: options).mapper(forHeader: columns, of: "people.csv")
    }

    func objectMapper(
        _ maps: [String] = [],
        ignoring: Bool = false,
        unknown: FieldMapping.UnknownMembers = .refuseRun
    ) throws -> Mapper {
        let options = try MappingOptions(maps: maps, ignoresUnknownColumns: ignoring)
        return FieldMapping(options: options).mapper(forObjectsOf: "people.jsonl", unknown: unknown)
    }
}
