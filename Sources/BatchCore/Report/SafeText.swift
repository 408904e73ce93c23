/// Text from a file or a server as it may be shown on a terminal: control characters, line ends and
/// marks that change the direction of writing are written out, so that no text can move the
/// cursor, forge a line, or read otherwise than it is.
package struct SafeText: Sendable, Hashable, CustomStringConvertible {
    /// The text with every unsafe character written out.
    package let description: String

    /// Makes a text safe.
    ///
    /// - Parameter text: Any text.
    package init(_ text: String) {
        guard text.unicodeScalars.contains(where: Self.isUnsafe) else {
            description = text
            return
        }
        var safe = ""
        for scalar in text.unicodeScalars {
            if Self.isUnsafe(scalar) {
                safe += Self.escape(scalar)
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        description = safe
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
        case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // bidi (UAX #9)
        case 0x2028, 0x2029: true  // line and paragraph separator
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\t": "\\t"
        case "\n": "\\n"
        case "\r": "\\r"
        default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
}
