internal import RowIO

/// One thing that is wrong with the columns of an input.
enum ColumnProblem: Sendable, Hashable, CustomStringConvertible {
    /// A column maps to nothing.
    case unknown(name: String, place: Place?)
    /// An `id` where nothing fills the externalId: only the user knows whether it is one.
    case bareID(name: String, place: Place?)
    /// Two columns fill one target.
    case conflict(target: String, first: String, second: String, place: Place?)
    /// A `--map` names a column that is not there.
    case missing(MappingOptions.Map, nearest: String?)

    /// Where it was first seen, for inputs whose columns appear row by row.
    struct Place: Sendable, Hashable {
        var row: Int
        var line: Int

        init(_ position: RowPosition) {
            row = position.row
            line = position.line
        }
    }

    var code: MappingError.Code {
        switch self {
        case .unknown, .bareID: .unknownColumn
        case .conflict: .conflictingColumns
        case .missing: .missingColumn
        }
    }

    /// How to mend it, where more can be said than of any other column.
    var hint: String? {
        switch self {
        case .unknown(let name, _):
            CustomerColumns.nearestField(to: name).map { "did you mean \($0)?" }
        case .bareID(let name, _):
            "if it is what you know the customer by, say --map externalId=\(name)"
        case .conflict(let target, let first, _, _):
            "say which with --map \(target)=\"\(first)\""
        case .missing(_, let nearest): nearest.map { "the nearest is \"\($0)\"" }
        }
    }

    var description: String {
        switch self {
        case .unknown(let name, let place), .bareID(let name, let place):
            let notes = [Self.text(place), hint].compactMap { $0 }
            return "\"\(name)\"" + (notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")")
        case .conflict(let target, let first, let second, let place):
            let place = Self.text(place).map { "\($0): " } ?? ""
            return "\(place)the columns \"\(first)\" and \"\(second)\" both fill \(target)"
                + (hint.map { "; \($0)" } ?? "")
        case .missing(let map, _):
            return "--map \(map.target.label)=\(map.column): there is no column "
                + "\"\(map.column)\"" + (hint.map { "; \($0)" } ?? "")
        }
    }

    private static func text(_ place: Place?) -> String? {
        place.map { "row \($0.row), line \($0.line)" }
    }
}
