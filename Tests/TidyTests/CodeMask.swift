/// Blanks comments and the contents of strings, and leaves every newline where it was.
///
/// Enough of Swift's grammar for rules about words and braces: nested comments, raw strings,
/// strings of several lines, and interpolations, which count as part of their string.
struct CodeMask {
    private let bytes: [UInt8]
    private var masked: [UInt8]
    private var index = 0

    static func apply(to text: String) -> String {
        var mask = CodeMask(text)
        mask.run()
        return String(decoding: mask.masked, as: UTF8.self)
    }

    private init(_ text: String) {
        bytes = Array(text.utf8)
        masked = bytes
    }

    private mutating func run() {
        while index < bytes.count {
            if looking(at: "//") {
                blankLineComment()
            } else if looking(at: "/*") {
                blankComment()
            } else if let hashes = hashesBeforeQuote() {
                blankString(hashes: hashes)
            } else {
                index += 1
            }
        }
    }

    private func looking(at text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    }

    /// How many `#` open the string that begins here, or nil where none does.
    private func hashesBeforeQuote() -> Int? {
        let hashes = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
        let quote = index + hashes
        return quote < bytes.count && bytes[quote] == UInt8(ascii: "\"") ? hashes : nil
    }

    /// Blanks bytes but newlines and goes past them.
    private mutating func blank(_ count: Int) {
        for _ in 0..<count where index < bytes.count {
            if bytes[index] != UInt8(ascii: "\n") { masked[index] = UInt8(ascii: " ") }
            index += 1
        }
    }

    private mutating func blankLineComment() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { blank(1) }
    }

    private mutating func blankComment() {
        var depth = 0
        repeat {
            if looking(at: "/*") {
                depth += 1
                blank(2)
            } else if looking(at: "*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && index < bytes.count
    }

    private mutating func blankString(hashes: Int) {
        blank(hashes)
        let quotes = looking(at: "\"\"\"") ? 3 : 1
        blank(quotes)
        let pounds = [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        let end = [UInt8](repeating: UInt8(ascii: "\""), count: quotes) + pounds
        let escape = [UInt8(ascii: "\\")] + pounds
        while index < bytes.count, !bytes[index...].starts(with: end) {
            // An unterminated string of one line does not compile: it must not eat the file.
            if quotes == 1, bytes[index] == UInt8(ascii: "\n") { return }
            if bytes[index...].starts(with: escape) {
                blank(escape.count)
                if looking(at: "(") { blankInterpolation() } else { blank(1) }
            } else {
                blank(1)
            }
        }
        blank(end.count)
    }

    private mutating func blankInterpolation() {
        var depth = 0
        repeat {
            if let hashes = hashesBeforeQuote() {
                blankString(hashes: hashes)
                continue
            }
            if looking(at: "(") { depth += 1 }
            if looking(at: ")") { depth -= 1 }
            blank(1)
        } while depth > 0 && index < bytes.count
    }
}
