/// Walks through JSON text (RFC 8259) byte by byte, without building a tree.
///
/// Every read goes through the array's own bounds check, so malformed text from the network can
/// make a read fail and nothing worse. Members that occur twice are all reported.
struct JSONReader {
    /// Deeper nesting than this is refused: the recursion must end somewhere.
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int

    /// A reader of the whole array, or of a part that holds one value.
    init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    /// Skips the mark that some systems put before UTF-8 text.
    mutating func skipByteOrderMark() {
        if end - position >= 3, bytes[position] == 0xEF, bytes[position + 1] == 0xBB,
            bytes[position + 2] == 0xBF
        {
            position += 3
        }
    }

    /// Whether only blanks are left.
    mutating func isAtEnd() -> Bool {
        skipBlanks()
        return position == end
    }

    /// Reads one value to its end and says what and where it is.
    mutating func value(depth: Int = 0) throws(JSONFailure) -> JSONValue {
        skipBlanks()
        let start = position
        switch try peek() {
        case UInt8(ascii: "\""):
            return try string()
        case UInt8(ascii: "{"):
            try members(depth: depth) { (_, reader) throws(JSONFailure) in
                _ = try reader.value(depth: depth + 1)
            }
            return JSONValue(kind: .object, range: start..<position)
        case UInt8(ascii: "["):
            try elements(depth: depth) { (reader) throws(JSONFailure) in
                _ = try reader.value(depth: depth + 1)
            }
            return JSONValue(kind: .array, range: start..<position)
        case UInt8(ascii: "t"): return try literal("true", .boolean)
        case UInt8(ascii: "f"): return try literal("false", .boolean)
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    /// Reads an object.
    ///
    /// `body` gets each member's name and must read its value, whole.
    mutating func members(
        depth: Int = 0,
        _ body: (JSONValue, inout JSONReader) throws(JSONFailure) -> Void
    ) throws(JSONFailure) {
        guard depth < Self.maximumDepth else { throw failure(.tooDeep) }
        try expect(UInt8(ascii: "{"))
        skipBlanks()
        if skip(UInt8(ascii: "}")) { return }
        repeat {
            skipBlanks()
            let name = try string()
            skipBlanks()
            try expect(UInt8(ascii: ":"))
            skipBlanks()
            try body(name, &self)
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Reads an array.
    ///
    /// `body` must read one element, whole.
    mutating func elements(
        depth: Int = 0,
        _ body: (inout JSONReader) throws(JSONFailure) -> Void
    ) throws(JSONFailure) {
        guard depth < Self.maximumDepth else { throw failure(.tooDeep) }
        try expect(UInt8(ascii: "["))
        skipBlanks()
        if skip(UInt8(ascii: "]")) { return }
        repeat {
            skipBlanks()
            try body(&self)
            skipBlanks()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// The byte at the position, without moving.
    func peek() throws(JSONFailure) -> UInt8 {
        guard position < end else { throw failure(.truncated) }
        return bytes[position]
    }
}

extension JSONReader {
    private func failure(_ reason: JSONFailure.Reason) -> JSONFailure {
        JSONFailure(reason: reason, offset: position)
    }

    private mutating func skipBlanks() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONFailure) {
        guard try peek() == byte else { throw failure(.unexpected) }
        position += 1
    }

    private mutating func literal(
        _ text: StaticString,
        _ kind: JSONValue.Kind
    ) throws(JSONFailure) -> JSONValue {
        let start = position
        for offset in 0..<text.utf8CodeUnitCount {
            try expect(text.utf8Start[offset])
        }
        return JSONValue(kind: kind, range: start..<position)
    }

    private mutating func string() throws(JSONFailure) -> JSONValue {
        try expect(UInt8(ascii: "\""))
        let start = position
        var hasEscapes = false
        while true {
            guard position < end else { throw failure(.truncated) }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw failure(.unexpected) }
            position += 1
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try escape()
            }
        }
        defer { position += 1 }
        return JSONValue(kind: .string, range: start..<position, hasEscapes: hasEscapes)
    }

    private mutating func escape() throws(JSONFailure) {
        let byte = try peek()
        guard "\"\\/bfnrtu".utf8.contains(byte) else { throw failure(.unexpected) }
        position += 1
        guard byte == UInt8(ascii: "u") else { return }
        for _ in 0..<4 {
            guard try peek().hexValue != nil else { throw failure(.unexpected) }
            position += 1
        }
    }

    private mutating func number() throws(JSONFailure) -> JSONValue {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try digits() }
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try digits()
        }
        return JSONValue(kind: .number, range: start..<position)
    }

    private mutating func digits() throws(JSONFailure) {
        let start = position
        while position < end,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
        {
            position += 1
        }
        guard position > start else { throw failure(position < end ? .unexpected : .truncated) }
    }
}

/// Where a text stops being JSON.
struct JSONFailure: Error, Hashable {
    /// What is wrong there.
    enum Reason: Sendable {
        case truncated
        case unexpected
        case tooDeep
        case tooMany
    }

    var reason: Reason
    /// The byte at which it was noticed.
    var offset: Int
}
