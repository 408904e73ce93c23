import RowIO

/// One problem of a row as a line that editors can jump to: `file:line: row N: field: message`.
package enum IssueLine {
    /// The lines for the problems of a row.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - inputs: The paths of the inputs.
    /// - Returns: A line for each problem.
    package static func lines(for row: InputCheck.CheckedRow, inputs: [String]) -> [String] {
        let place = "\(inputs[row.place.file]):\(row.position.line): row \(row.place.row): "
        return row.problems.map { problem in
            // Most messages begin with the field, so that they can stand alone in results.csv.
            let field = problem.field.map { "\($0): " } ?? ""
            return place + (problem.message.hasPrefix(field) ? "" : field) + problem.message
        }
    }
}

extension ResultLine {
    /// The line of a row that was only checked.
    ///
    /// - Parameter row: The row.
    package init(_ row: InputCheck.CheckedRow) {
        let messages = row.problems.map(\.message) + [row.message].compactMap(\.self)
        self.init(
            place: row.place,
            line: row.position.line,
            offset: row.position.offset,
            length: row.position.length,
            status: row.status,
            externalID: row.externalID,
            errorCode: Self.joined(row.problems.map(\.code)),
            errorField: Self.joined(row.problems.compactMap(\.field)),
            message: messages.isEmpty ? nil : messages.joined(separator: "; "),
            attempts: 0
        )
    }

    private static func joined(_ parts: [String]) -> String? {
        parts.isEmpty ? nil : parts.joined(separator: ";")
    }
}
