/// Writes JSON without blanks, members in the order in which they are given.
struct JSONText {
    private(set) var text = ""
    private var needsComma = false

    /// One object, its members written by `body`.
    static func object(_ body: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        json.open("{")
        body(&json)
        json.close("}")
        return json.text
    }

    mutating func member(_ name: String, _ value: String?) {
        key(name)
        if let value { string(value) } else { text += "null" }
    }

    mutating func member(_ name: String, _ value: some BinaryInteger) {
        key(name)
        text += String(value)
    }

    /// A number with at most one decimal.
    mutating func member(_ name: String, tenths value: Double) {
        key(name)
        let limit = Double(Int.max / 16)
        guard value.isFinite, abs(value) < limit else {
            text += "0"
            return
        }
        let tenths = Int((value * 10).rounded())
        text += tenths % 10 == 0 ? String(tenths / 10) : String(Double(tenths) / 10)
    }

    mutating func member(_ name: String, object body: (inout JSONText) -> Void) {
        key(name)
        open("{")
        body(&self)
        close("}")
    }

    /// A value that is JSON already.
    mutating func member(_ name: String, raw value: String) {
        key(name)
        text += value
    }

    mutating func null(_ name: String) {
        key(name)
        text += "null"
    }

    mutating func member(_ name: String, strings: [String]) {
        key(name)
        open("[")
        for value in strings {
            comma()
            string(value)
        }
        close("]")
    }

    mutating func member<Element>(
        _ name: String,
        objects elements: [Element],
        _ body: (inout JSONText, Element) -> Void
    ) {
        key(name)
        open("[")
        for element in elements {
            comma()
            open("{")
            body(&self, element)
            close("}")
        }
        close("]")
    }

    private mutating func key(_ name: String) {
        comma()
        string(name)
        text += ":"
    }

    private mutating func comma() {
        if needsComma { text += "," }
        needsComma = true
    }

    private mutating func open(_ bracket: String) {
        text += bracket
        needsComma = false
    }

    private mutating func close(_ bracket: String) {
        text += bracket
        needsComma = true
    }

    private mutating func string(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
