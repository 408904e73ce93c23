extension String {
    /// Appends `text` as a JSON string, or `null`.
    mutating func appendJSON(_ text: String?) {
        guard let text else {
            self += "null"
            return
        }
        self += "\""
        if text.utf8.contains(where: Self.needsEscape) {
            for scalar in text.unicodeScalars { appendEscaped(scalar) }
        } else {
            self += text
        }
        self += "\""
    }

    /// Appends `,"name":` and the text as a JSON string, or `null`.
    mutating func appendJSON(member name: StaticString, _ text: String?) {
        self += ",\"\(name)\":"
        appendJSON(text)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": self += "\\\""
        case "\\": self += "\\\\"
        case "\u{08}": self += "\\b"
        case "\u{0C}": self += "\\f"
        case "\n": self += "\\n"
        case "\r": self += "\\r"
        case "\t": self += "\\t"
        case _ where scalar.value < 0x20:
            self += scalar.value < 0x10 ? "\\u000" : "\\u00"
            self += String(scalar.value, radix: 16)
        default: unicodeScalars.append(scalar)
        }
    }
}
