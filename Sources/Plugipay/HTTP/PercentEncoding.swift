/// Percent-encoding of RFC 3986, section 2.
enum PercentEncoding {
    /// `text` with everything but unreserved characters encoded: fit for one path segment and for
    /// a name or value of a query, in which `+` would be read as a blank.
    static func encoded(_ text: String) -> String {
        guard !text.utf8.allSatisfy(isUnreserved) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hexDigit(byte >> 4))
                bytes.append(hexDigit(byte & 0x0F))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether `path` can be sent as it stands: it starts with a slash, holds only what RFC 3986
    /// allows in a path, and no segment that a client or server would resolve away.
    static func isSendable(path: String) -> Bool {
        guard path.utf8.first == UInt8(ascii: "/") else { return false }
        let segments = path.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        return segments.allSatisfy(isSendable(segment:))
    }

    private static func isSendable(segment: Substring.UTF8View) -> Bool {
        guard !segment.isEmpty, !segment.allSatisfy({ $0 == UInt8(ascii: ".") }) else {
            return false
        }
        var escapeDigits = 0
        for byte in segment {
            if escapeDigits > 0 {
                guard isHexDigit(byte) else { return false }
                escapeDigits -= 1
            } else if byte == UInt8(ascii: "%") {
                escapeDigits = 2
            } else if !isUnreserved(byte), !"!$&'()*+,;=:@".utf8.contains(byte) {
                return false
            }
        }
        return escapeDigits == 0
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default:
            false
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
