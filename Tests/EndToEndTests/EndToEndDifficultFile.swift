import BatchCore

/// A CSV file with every difficulty of a real one, and what must become of each of its rows.
struct EndToEndDifficultFile {
    /// A row of the file.
    struct Row {
        var bytes: [UInt8]
        /// The physical line on which it begins.
        var line: Int
        /// The customer that it asks for; `nil` for a row that is not to be sent.
        var person: Person?
        /// `created`, `duplicate` or `invalid`.
        var status: String
        var code = ""
    }

    /// A customer as the row asks for it.
    struct Person: Hashable {
        var externalID: String?
        var email: String?
        var name: String?
        var note: String?
    }

    static let header = "\u{FEFF}External ID,e-mail,Name,metadata.note\r\n"

    private(set) var bytes = Array(Self.header.utf8)
    private(set) var rows: [Row] = []
    private var line = 2
    private var generator: SeededGenerator

    /// Makes a file.
    init(rows count: Int, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        for number in 1...count { add(number) }
    }

    private enum Kind: CaseIterable {
        case plain, quoted, breaks, blanks, upperCase, short, surplus, anonymous, other
        case emptyLines, repeated, sameID
        case tooManyCells, badQuote, unclosedQuote, nul, badUTF8, tooLong, noEmail, empty
    }

    /// Every kind once, then as it comes; a record over 1 MiB is dear, so there is one.
    private mutating func kind(of number: Int) -> Kind {
        guard number > Kind.allCases.count else { return Kind.allCases[number - 1] }
        return Kind.allCases.filter { $0 != .tooLong }.randomElement(using: &generator) ?? .plain
    }

    private mutating func add(_ number: Int) {
        let kind = kind(of: number)
        var person = Person(
            externalID: "u-\(number)",
            email: "person\(number)@example.com",
            name: "Person \(number)",
            note: nil
        )
        let start = "u-\(number),person\(number)@example.com,"
        switch kind {
        case .plain:
            write(start + "Person \(number),", person)
        case .quoted:
            person.name = "Doe, \"\(number)\""
            write("\"u-\(number)\",person\(number)@example.com,\"Doe, \"\"\(number)\"\"\"", person)
        case .breaks:
            // None begins with a line end: below a quote that is never closed, such a cell's first
            // quote closes that one by all the rules.
            let note = ["a\nb", "a\r\nb\r\n", "a\r\rb", "a\n\n\"b\""].randomElement(
                using: &generator
            )
            person.note = note
            write(
                start + "Person \(number),\"\(note?.replacing("\"", with: "\"\"") ?? "")\"",
                person
            )
        case .blanks:
            person.note = " kept "
            write(
                " u-\(number)\t, person\(number)@example.com,  \"Person \(number)\" , kept ",
                person
            )
        case .upperCase:
            person.email = "PERSON\(number)@Example.COM"
            write("u-\(number),PERSON\(number)@Example.COM,Person \(number)", person)
        case .short:
            person.name = nil
            write("u-\(number),person\(number)@example.com", person)
        case .surplus:
            write(start + "Person \(number),,,\"\",", person)
        case .anonymous:
            person.externalID = nil
            write(",person\(number)@example.com,Person \(number)", person)
        case .other:
            person.name = "Þóra 🦜 e\u{301} \(number)"
            person.note = "5\" disk; a | b"
            write(start + "Þóra 🦜 e\u{301} \(number),5\" disk; a | b", person)
        case .emptyLines:
            skipLine()
            skipLine()
            write(start + "Person \(number)", person)
        case .repeated, .sameID:
            repeatRow(exactly: kind == .repeated)
        default:
            addBad(kind, number, start)
        }
    }

    private mutating func addBad(_ kind: Kind, _ number: Int, _ start: String) {
        switch kind {
        case .tooManyCells: write(start + "A, B,note,x", code: "too_many_cells")
        case .badQuote: write(start + "\"A\" B", code: "bad_quote")
        case .unclosedQuote: write(start + "\"A, never closed", code: "unclosed_quote")
        case .nul: write(start + "A\u{0}B", code: "nul_byte")
        case .badUTF8: write(Array(start.utf8) + [0x4D, 0xF1, 0x6F], code: "invalid_utf8")
        case .tooLong:
            write(start + String(repeating: "a", count: (1 << 20) + 10), code: "record_too_long")
        case .noEmail: write("u-\(number),person\(number),A", code: "invalid_email")
        default: write(" ,,\"\",", code: "empty_row")
        }
    }

    /// An earlier row once more, or its externalId with other content.
    private mutating func repeatRow(exactly: Bool) {
        let earlier = rows.filter { $0.status == "created" && $0.person?.externalID != nil }
        guard let row = earlier.randomElement(using: &generator), let person = row.person else {
            return
        }
        if exactly {
            write(Self.trimmed(row.bytes), person)
            rows[rows.count - 1].status = "duplicate"
        } else {
            write("\(person.externalID ?? ""),other@example.com", code: "repeated_external_id")
        }
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        while bytes.last == 10 || bytes.last == 13 { bytes.removeLast() }
        return bytes
    }

    // MARK: Bytes and lines

    private mutating func skipLine() {
        // Not a lone LF: after a lone CR that would be the rest of one line end.
        bytes += [13, 10]
        line += 1
    }

    private mutating func write(_ text: String, _ person: Person) {
        write(Array(text.utf8), person)
    }

    private mutating func write(_ record: [UInt8], _ person: Person) {
        append(Row(bytes: record, line: line, person: person, status: "created"))
    }

    private mutating func write(_ text: String, code: String) {
        write(Array(text.utf8), code: code)
    }

    private mutating func write(_ record: [UInt8], code: String) {
        append(Row(bytes: record, line: line, status: "invalid", code: code))
    }

    private mutating func append(_ row: Row) {
        var row = row
        row.bytes += [[10], [13, 10], [13]].randomElement(using: &generator) ?? [10]
        for (index, byte) in row.bytes.enumerated() {
            let isPair = byte == 13 && row.bytes[(index + 1)...].first == 10
            if byte == 10 || byte == 13 && !isPair { line += 1 }
        }
        bytes += row.bytes
        rows.append(row)
    }
}
