// The words of the issues that both readers and the CSV reader find. Offsets count bytes of the
// uncompressed input from 0.
extension RowIssue {
    static func surplus(_ cells: Int, columns: Int) -> RowIssue {
        RowIssue(
            code: .tooManyCells,
            message: "the row has \(cells) cells and the header \(columns); "
                + "put a cell that holds a delimiter in double quotes"
        )
    }

    static func badQuote(line: Int, offset: Int64) -> RowIssue {
        RowIssue(
            code: .badQuote,
            message: "text follows the closing quote of the cell that opens on line \(line) "
                + "(byte offset \(offset)); double the quotes inside a quoted cell"
        )
    }

    static func unclosedQuote(line: Int, offset: Int64) -> RowIssue {
        RowIssue(
            code: .unclosedQuote,
            message: "the quote that opens a cell on line \(line) (byte offset \(offset)) is "
                + "never closed; close it, or put the whole cell in quotes and double this one"
        )
    }

    static func recordTooLong(limit: Int) -> RowIssue {
        RowIssue(
            code: .recordTooLong,
            message: "the record is longer than \(limit) bytes; is a line end or quote missing?"
        )
    }

    static func nulByte(at offset: Int64) -> RowIssue {
        RowIssue(
            code: .nulByte,
            message: "there is a NUL byte at byte offset \(offset); text cannot hold one"
        )
    }

    static func invalidUTF8(_ byte: UInt8, at offset: Int64) -> RowIssue {
        let hex = String(byte, radix: 16, uppercase: true)
        return RowIssue(
            code: .invalidUTF8,
            message: "the byte \(byte < 16 ? "0" : "")\(hex) at byte offset \(offset) is not "
                + "UTF-8; save the file as UTF-8"
        )
    }
}

// The words of what only JSON Lines can have. A column counts the line's bytes from 1.
extension RowIssue {
    static func invalidJSON(_ reason: String, column: Int) -> RowIssue {
        RowIssue(
            code: .invalidJSON,
            message: "the line is not valid JSON: \(reason), at byte \(column) of the line"
        )
    }

    static func tooDeep(_ reason: String) -> RowIssue {
        RowIssue(code: .tooDeep, message: reason)
    }

    static func duplicateMember(column: Int) -> RowIssue {
        RowIssue(
            code: .duplicateMember,
            message: "an object names the member at byte \(column) of the line twice; keep one"
        )
    }

    static func tooManyMembers(limit: Int) -> RowIssue {
        RowIssue(
            code: .tooManyCells,
            message: "with this line the input has more than \(limit) different members, or their "
                + "names are too long"
        )
    }

    static func notAnObject(_ kind: JSONValue.Kind) -> RowIssue {
        let found =
            switch kind {
            case .object: "an object"
            case .array: "an array"
            case .string: "a string"
            case .number: "a number"
            case .boolean: "a boolean"
            case .null: "null"
            }
        return RowIssue(
            code: .invalidType,
            message: "the line is \(found); every line must be one JSON object"
        )
    }
}
