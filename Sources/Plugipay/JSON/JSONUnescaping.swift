/// Takes the escapes of a JSON string apart (RFC 8259, section 7).
enum JSONUnescaping {
    /// The text of a string's bytes, in which escapes were found well formed.
    static func text(of bytes: ArraySlice<UInt8>) -> String {
        var units: [UInt8] = []
        units.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                units.append(byte)
                continue
            }
            if escape == UInt8(ascii: "u") {
                units.append(contentsOf: String(scalar(&rest)).utf8)
            } else {
                units.append(plain(escape))
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    private static func plain(_ escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    /// The character of one `\u` escape, or of two that are a surrogate pair.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar {
        let first = codeUnit(&rest)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isHigh = first < 0xDC00
        var ahead = rest
        guard isHigh, ahead.popFirst() == UInt8(ascii: "\\"),
            ahead.popFirst() == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let second = codeUnit(&ahead)
        guard (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
        rest = ahead
        let value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private static func codeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            value = value << 4 | UInt32(rest.popFirst()?.hexValue ?? 0)
        }
        return value
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
