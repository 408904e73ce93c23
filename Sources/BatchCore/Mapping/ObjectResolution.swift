internal import RowIO

/// What a header decides once, decided for each object by itself: columns appear row by row, and
/// one file may hold objects of several shapes.
struct ObjectResolution: Sendable {
    private let mapping: FieldMapping
    private let input: String
    private let policy: FieldMapping.UnknownMembers

    private var columns: [Column] = []
    private var closeness: [CustomerColumns.Closeness] = []
    /// Whether a column has been told about already, as a problem or as left out.
    private var isTold: [Bool] = []
    private var hasRows = false

    private(set) var leftOut: [LeftOutColumn] = []
    private var problems: [ColumnProblem] = []

    // The object at hand.
    private var fillers = [Int?](repeating: nil, count: CustomerField.allCases.count)
    private var conflicts: [(field: CustomerField, first: Int, second: Int)] = []
    private var asides: [(column: Int, role: ColumnRole)] = []
    private var hasAccountId = false
    private var hasCreatedAt = false

    init(mapping: FieldMapping, input: String, policy: FieldMapping.UnknownMembers) {
        self.mapping = mapping
        self.input = input
        self.policy = policy
    }

    /// The role of a column that just appeared.
    mutating func learn(_ column: Column) -> ColumnRole {
        let match = mapping.match(column)
        columns.append(column)
        closeness.append(match.closeness)
        isTold.append(false)
        return match.role
    }

    /// Starts an object.
    mutating func begin() {
        hasRows = true
        for index in fillers.indices { fillers[index] = nil }
        conflicts.removeAll(keepingCapacity: true)
        asides.removeAll(keepingCapacity: true)
        hasAccountId = false
        hasCreatedAt = false
    }

    /// A field is filled from a column.
    ///
    /// - Returns: whether this value counts: the closest name wins where an object names a field
    ///   twice, until `judge` knows whether that is an error.
    mutating func found(_ field: CustomerField, in column: Int) -> Bool {
        guard let first = fillers[field.rawValue], first != column else {
            fillers[field.rawValue] = column
            return true
        }
        conflicts.append((field, first, column))
        guard closeness[column] < closeness[first] else { return false }
        fillers[field.rawValue] = column
        return true
    }

    /// A field is named by an object that cannot fill it: it is there, whatever its members are.
    mutating func claim(_ field: CustomerField, for column: Int) {
        if fillers[field.rawValue] == nil { fillers[field.rawValue] = column }
    }

    /// A member was found that fills nothing, or nothing yet known.
    mutating func found(_ role: ColumnRole, in cell: Cell, isBlank: Bool) {
        let isExact = closeness[cell.column] == .exact
        switch role {
        case .record(.accountId) where isExact: hasAccountId = true
        case .record(.createdAt) where isExact: hasCreatedAt = true
        default: break
        }
        // An empty id is an absent one, and nothing that the user would have to map.
        if role == .record(.id), isBlank { return }
        asides.append((cell.column, role))
    }

    /// Decides about the object, now that all of it has been seen.
    mutating func judge(_ position: RowPosition, _ issues: inout [FieldIssue]) {
        let isExport = hasAccountId && hasCreatedAt
        for conflict in conflicts
        where !isExport || closeness[conflict.first] == closeness[conflict.second] {
            refuse(conflict, position, &issues)
        }
        for (column, role) in asides { decide(column, role, isExport, position, &issues) }
    }

    /// Everything that was wrong with the columns so far, if the run is to be refused for it.
    var error: MappingError? {
        var problems = problems
        if hasRows, policy == .refuseRun { problems += mapping.missing(among: columns) }
        return MappingError(problems, in: input)
    }
}

// MARK: - Decisions

extension ObjectResolution {
    private mutating func decide(
        _ column: Int,
        _ role: ColumnRole,
        _ isExport: Bool,
        _ position: RowPosition,
        _ issues: inout [FieldIssue]
    ) {
        let place = ColumnProblem.Place(position)
        let name = columns[column].name
        switch role {
        case .superseded: leaveOut(column, .superseded)
        case .unnamed: leaveOut(column, .unnamed)
        case _ where isExport: break
        case .record(.id) where fillers[CustomerField.externalId.rawValue] == nil:
            refuse(column, as: .bareID(name: name, place: place), &issues)
        case .record: leaveOut(column, .writtenByServer)
        default: refuse(column, as: .unknown(name: name, place: place), &issues)
        }
    }

    private mutating func leaveOut(_ column: Int, _ reason: LeftOutColumn.Reason) {
        if isTold[column] { return }
        isTold[column] = true
        leftOut.append(LeftOutColumn(name: columns[column].name, reason: reason))
    }

    private mutating func refuse(
        _ column: Int,
        as problem: ColumnProblem,
        _ issues: inout [FieldIssue]
    ) {
        if mapping.options.ignoresUnknownColumns { return leaveOut(column, .unknown) }
        switch policy {
        case .refuseRun:
            if isTold[column] { return }
            isTold[column] = true
            problems.append(problem)
        case .refuseRow:
            let name = columns[column].name
            let hint = problem.hint.map { "; \($0)" } ?? ""
            let message = "the member \"\(name)\" fills no field of a customer\(hint)"
            issues.add(FieldIssue(.unknownColumn, field: name, message: message))
        }
    }

    private mutating func refuse(
        _ conflict: (field: CustomerField, first: Int, second: Int),
        _ position: RowPosition,
        _ issues: inout [FieldIssue]
    ) {
        let (first, second) = (columns[conflict.first].name, columns[conflict.second].name)
        switch policy {
        case .refuseRun:
            if isTold[conflict.first], isTold[conflict.second] { return }
            isTold[conflict.first] = true
            isTold[conflict.second] = true
            let place = ColumnProblem.Place(position)
            let target = conflict.field.label
            problems.append(
                .conflict(target: target, first: first, second: second, place: place)
            )
        case .refuseRow:
            let label = conflict.field.label
            let message = "\(label): filled by both members \"\(first)\" and \"\(second)\""
            issues.add(FieldIssue(.duplicateMember, field: label, message: message))
        }
    }
}
