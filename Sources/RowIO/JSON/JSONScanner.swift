/// Reads one JSON value (RFC 8259) and remembers where each part of it stands.
///
/// Nothing is copied and nothing converted: a number stays the text that it is, a string keeps its
/// escapes until somebody asks for its text. UTF-8, grammar, escapes, surrogate pairs and depth are
/// checked in full; names that occur twice are left to `firstRepeatedName`. A scanner can be used
/// for any number of texts; each scan forgets the one before.
package struct JSONScanner: Sendable {
    /// What the grammar allows next.
    private enum Expectation { case value, firstMember, firstElement, separator }

    private let maximumDepth: Int
    /// The values and names in the order of the text.
    private(set) var tokens: [JSONToken] = []
    /// The containers that are open, from the outside in.
    private var open: [Int] = []
    private var index = 0
    private var end = 0
    /// Where the first escape `\u0000` stands; text with a NUL is valid JSON and of no use.
    package private(set) var escapedNUL: Int?

    /// A scanner that allows `maximumDepth` containers inside each other, the outermost counted.
    package init(maximumDepth: Int = RowLimits().jsonDepth) {
        self.maximumDepth = maximumDepth
    }

    /// Reads the one value that `bytes[range]` holds, blanks around it allowed.
    package mutating func scan(
        _ bytes: [UInt8],
        in range: Range<Int>
    ) throws(JSONProblem) -> JSONValue {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        tokens.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        escapedNUL = nil
        index = range.lowerBound
        end = range.upperBound
        guard range.upperBound <= Int(UInt32.max) else {
            throw JSONProblem(.syntax, at: index, "the text is longer than 4 GiB")
        }
        try checkText(bytes, range)
        try scanAll(bytes.span)
        return value(at: 0)
    }

    /// The value at an entry of the tape.
    func value(at token: Int) -> JSONValue {
        let entry = tokens[token]
        return JSONValue(
            token: token,
            end: Int(entry.next),
            kind: entry.kind,
            range: Int(entry.start)..<Int(entry.end),
            hasEscapes: entry.hasEscapes
        )
    }

    private func checkText(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONProblem) {
        let check = TextCheck(bytes, range)
        if let index = check.firstInvalid {
            throw JSONProblem(.invalidUTF8, at: index, "this byte is not UTF-8")
        }
        if let index = check.firstNUL {
            throw JSONProblem(.nulByte, at: index, "this byte is NUL")
        }
    }

    // MARK: Structure

    private mutating func scanAll(_ text: Span<UInt8>) throws(JSONProblem) {
        var expectation = Expectation.value
        while true {
            skipBlanks(text)
            switch expectation {
            case .value:
                expectation = try scanValue(text)
            case .firstMember:
                expectation = try closes(text, with: "}") ? .separator : scanName(text)
            case .firstElement:
                expectation = try closes(text, with: "]") ? .separator : scanValue(text)
            case .separator:
                guard let container = open.last else {
                    guard index == end else { throw expected("nothing after the value", text) }
                    return
                }
                expectation =
                    tokens[container].kind == .object
                    ? try scanNextMember(text) : try scanNextElement(text)
            }
        }
    }

    private mutating func scanNextMember(_ text: Span<UInt8>) throws(JSONProblem) -> Expectation {
        if try closes(text, with: "}") { return .separator }
        guard take(",", text) else { throw expected("a comma or }", text) }
        skipBlanks(text)
        return try scanName(text)
    }

    private mutating func scanNextElement(_ text: Span<UInt8>) throws(JSONProblem) -> Expectation {
        if try closes(text, with: "]") { return .separator }
        guard take(",", text) else { throw expected("a comma or ]", text) }
        return .value
    }

    private mutating func scanName(_ text: Span<UInt8>) throws(JSONProblem) -> Expectation {
        guard index < end, text[unchecked: index] == UInt8(ascii: "\"") else {
            throw expected("a member name in double quotes", text)
        }
        try scanString(text)
        skipBlanks(text)
        guard take(":", text) else { throw expected("a colon after the member name", text) }
        return .value
    }

    private mutating func scanValue(_ text: Span<UInt8>) throws(JSONProblem) -> Expectation {
        guard index < end else { throw expected("a value", text) }
        switch text[unchecked: index] {
        case UInt8(ascii: "\""): try scanString(text)
        case UInt8(ascii: "{"):
            try openContainer(.object)
            return .firstMember
        case UInt8(ascii: "["):
            try openContainer(.array)
            return .firstElement
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(text)
        case UInt8(ascii: "t"): try scanLiteral("true", .boolean, text)
        case UInt8(ascii: "f"): try scanLiteral("false", .boolean, text)
        case UInt8(ascii: "n"): try scanLiteral("null", .null, text)
        default: throw expected("a value", text)
        }
        return .separator
    }

    private mutating func openContainer(_ kind: JSONValue.Kind) throws(JSONProblem) {
        guard open.count < maximumDepth else {
            throw JSONProblem(
                .tooDeep,
                at: index,
                "objects and arrays are nested more than \(maximumDepth) deep"
            )
        }
        open.append(tokens.count)
        append(kind, from: index, to: index + 1)
        index += 1
    }

    private mutating func closes(
        _ text: Span<UInt8>,
        with bracket: Unicode.Scalar
    ) throws(JSONProblem) -> Bool {
        guard take(bracket, text), let container = open.popLast() else { return false }
        tokens[container].end = UInt32(truncatingIfNeeded: index)
        tokens[container].next = UInt32(truncatingIfNeeded: tokens.count)
        return true
    }

    // MARK: Scalars

    private mutating func scanLiteral(
        _ literal: StaticString,
        _ kind: JSONValue.Kind,
        _ text: Span<UInt8>
    ) throws(JSONProblem) {
        let start = index
        let isThere = literal.withUTF8Buffer { letters in
            guard end - start >= letters.count else { return false }
            return letters.indices.allSatisfy { letters[$0] == text[start + $0] }
        }
        guard isThere else { throw expected("a value (\(literal)?)", text) }
        index += literal.utf8CodeUnitCount
        append(kind, from: start, to: index)
    }

    private mutating func scanNumber(_ text: Span<UInt8>) throws(JSONProblem) {
        let start = index
        _ = take("-", text)
        if !take("0", text) { try scanDigits(text) }
        if take(".", text) { try scanDigits(text) }
        if take("e", text) || take("E", text) {
            if !take("+", text) { _ = take("-", text) }
            try scanDigits(text)
        }
        append(.number, from: start, to: index)
    }

    private mutating func scanDigits(_ text: Span<UInt8>) throws(JSONProblem) {
        let start = index
        while index < end && text[unchecked: index] &- UInt8(ascii: "0") < 10 { index += 1 }
        guard index > start else { throw expected("a digit", text) }
    }

    private mutating func scanString(_ text: Span<UInt8>) throws(JSONProblem) {
        let start = index
        var hasEscapes = false
        index += 1
        while true {
            index = JSONText.indexOfSpecial(text, from: index, to: end)
            guard index < end else { throw expected("the string's closing quote", text) }
            switch text[unchecked: index] {
            case UInt8(ascii: "\""):
                index += 1
                append(.string, from: start, to: index, hasEscapes: hasEscapes)
                return
            case UInt8(ascii: "\\"):
                hasEscapes = true
                index = try scanEscape(text)
            default:
                throw expected("an escape for this control character", text)
            }
        }
    }

    /// Checks the escape at `index`; returns the index behind it.
    private mutating func scanEscape(_ text: Span<UInt8>) throws(JSONProblem) -> Int {
        guard let escape = JSONText.escape(text, at: index, to: end) else {
            throw JSONProblem(.syntax, at: index, "this escape is none of JSON's, or is cut off")
        }
        if escape.isLoneSurrogate {
            throw JSONProblem(.syntax, at: index, "this escape is half a surrogate pair")
        }
        if escape.scalar == 0 { escapedNUL = escapedNUL ?? index }
        return escape.end
    }

    // MARK: Small steps

    private mutating func append(
        _ kind: JSONValue.Kind,
        from start: Int,
        to end: Int,
        hasEscapes: Bool = false
    ) {
        tokens.append(
            JSONToken(
                start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: end),
                next: UInt32(truncatingIfNeeded: tokens.count + 1),
                kind: kind,
                hasEscapes: hasEscapes
            )
        )
    }

    @inline(__always)
    private mutating func take(_ scalar: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard index < end, text[unchecked: index] == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    @inline(__always)
    private mutating func skipBlanks(_ text: Span<UInt8>) {
        while index < end {
            switch text[unchecked: index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                index += 1
            default: return
            }
        }
    }

    private func expected(_ what: String, _ text: Span<UInt8>) -> JSONProblem {
        JSONProblem(expected: what, at: index, in: text, end: end)
    }
}
