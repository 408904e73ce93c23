internal import RowIO

/// The columns of a header taken together: what only the whole of it can decide.
struct HeaderResolution {
    private(set) var roles: [ColumnRole] = []
    private(set) var leftOut: [LeftOutColumn] = []
    private(set) var problems: [ColumnProblem] = []

    private let names: [String]
    private let matches: [FieldMapping.Match]
    private let isExport: Bool
    private let hasExternalId: Bool
    private let ignoresUnknownColumns: Bool

    init(_ header: [Column], by mapping: FieldMapping) {
        names = header.map { trimmingBlanks($0.name) }
        matches = header.map { mapping.match($0) }
        isExport = Self.isExport(matches)
        hasExternalId = matches.contains { $0.role.fills(.externalId) }
        ignoresUnknownColumns = mapping.options.ignoresUnknownColumns
        // A file of 0 bytes has no header: it is an input of no rows, whatever was to be mapped.
        if !header.isEmpty { problems += mapping.missing(among: header) }
        roles = matches.indices.map { matches[$0].role }
        settleConflicts()
        for index in roles.indices { decide(index) }
    }

    /// Our own exports are known by members that only the server writes, to the letter: a header
    /// of another system that merely resembles them must not lose its columns in silence.
    private static func isExport(_ matches: [FieldMapping.Match]) -> Bool {
        [RecordMember.accountId, .createdAt].allSatisfy { member in
            matches.contains { $0.role == .record(member) && $0.closeness == .exact }
        }
    }

    /// Two columns that fill one target are refused; but an export's later members, which only a
    /// looser name makes into fields, give way.
    private mutating func settleConflicts() {
        var filled: [MappingTarget: Int] = [:]
        for index in roles.indices {
            for target in roles[index].targets {
                guard let first = filled[target] else {
                    filled[target] = index
                    continue
                }
                let (kept, other) =
                    matches[index].closeness < matches[first].closeness
                    ? (index, first) : (first, index)
                if isExport, matches[kept].closeness < matches[other].closeness {
                    roles[other] = .leftOut
                    filled[target] = kept
                } else {
                    problems.append(
                        .conflict(
                            target: target.label,
                            first: names[first],
                            second: names[index],
                            place: nil
                        )
                    )
                }
            }
        }
    }

    private mutating func decide(_ index: Int) {
        switch roles[index] {
        case .record(.id) where !isExport && !hasExternalId:
            refuse(index, as: .bareID(name: names[index], place: nil))
        case .record:
            if !isExport { leaveOut(index, .writtenByServer) }
            roles[index] = .leftOut
        case .unknown:
            if isExport {
                roles[index] = .leftOut
            } else {
                refuse(index, as: .unknown(name: names[index], place: nil))
            }
        case .superseded: leaveOut(index, .superseded)
        case .unnamed: leaveOut(index, .unnamed)
        default: break
        }
    }

    private mutating func refuse(_ index: Int, as problem: ColumnProblem) {
        if ignoresUnknownColumns { leaveOut(index, .unknown) } else { problems.append(problem) }
    }

    private mutating func leaveOut(_ index: Int, _ reason: LeftOutColumn.Reason) {
        roles[index] = .leftOut
        leftOut.append(LeftOutColumn(name: names[index], reason: reason))
    }
}

extension ColumnRole {
    /// Everything that the column fills.
    var targets: [MappingTarget] {
        switch self {
        case .field(let field): [.field(field)]
        case .metadata: [.metadata]
        case .metadataCell(let key): [.metadataPair(key: String(decoding: key, as: UTF8.self))]
        case .several(let roles): roles.flatMap(\.targets)
        default: []
        }
    }

    func fills(_ field: CustomerField) -> Bool { targets.contains(.field(field)) }
}
