/// Why the columns of an input, or the `--map` flags, cannot be followed; nothing was sent.
package struct MappingError: Error, Sendable {
    /// What kind of trouble it is.
    package enum Code: String, Sendable, Hashable {
        /// Columns map to nothing. The run cannot go on (exit 3).
        case unknownColumn = "unknown_column"
        /// Two columns fill one field (exit 3).
        case conflictingColumns = "conflicting_columns"
        /// A `--map` names a column that the input has not (exit 3).
        case missingColumn = "missing_column"
        /// A `--map` that cannot be read: the command line is wrong (exit 64).
        case badMap = "bad_map"
    }

    /// What kind of trouble it is; of several kinds, the first in the order of `Code`.
    package var code: Code
    /// Where, what was found, what was expected and how to mend it, with names from the input.
    package var message: String
    /// What lies beneath, if anything.
    package var cause: (any Error)?

    private init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

// MARK: - The command line

extension MappingError {
    private static let targets = CustomerColumns.targets.joined(separator: ", ")

    static func badMap(_ text: String) -> MappingError {
        MappingError(
            .badMap,
            "--map \(text): expected FIELD=COLUMN, as in --map email=\"E-mail (work)\""
        )
    }

    static func unknownTarget(_ name: String, in text: String) -> MappingError {
        let nearest = CustomerColumns.nearestField(to: name).map { "; did you mean \($0)?" } ?? ""
        return MappingError(
            .badMap,
            "--map \(text): \"\(name)\" is no field of a customer\(nearest) (fields: \(targets))"
        )
    }

    static func repeatedTarget(
        _ target: MappingTarget,
        _ first: String,
        _ second: String
    ) -> MappingError {
        MappingError(
            .badMap,
            "--map \(target.label)=\(second): \(target.label) is filled by --map "
                + "\(target.label)=\(first) already; give one of the two"
        )
    }
}

// MARK: - The input

extension MappingError {
    /// One error for everything that is wrong with the columns of an input.
    ///
    /// - Parameters:
    ///   - problems: what is wrong; nothing makes no error.
    ///   - input: the input's name for people.
    init?(_ problems: [ColumnProblem], in input: String) {
        var parts: [String] = []
        let unknown = problems.filter { $0.code == .unknownColumn }
        if !unknown.isEmpty { parts.append(Self.unknownColumns(unknown)) }
        parts += problems.filter { $0.code != .unknownColumn }.map(\.description)
        guard let first = problems.first else { return nil }
        self.init(
            unknown.isEmpty ? first.code : .unknownColumn,
            input + ": " + parts.joined(separator: "; ")
        )
    }

    /// So many unknown columns are named; of the others only the number is told.
    private static let longestList = 20

    private static func unknownColumns(_ problems: [ColumnProblem]) -> String {
        let names = problems.prefix(longestList).map(\.description)
        let more = problems.count - names.count
        let list = names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
        let count = problems.count == 1 ? "1 unknown column" : "\(problems.count) unknown columns"
        return "\(count): \(list). Fill a field with --map FIELD=COLUMN (fields: \(targets)), "
            + "or leave unknown columns out with --ignore-unknown-columns"
    }
}
