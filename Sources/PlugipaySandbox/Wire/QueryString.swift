/// The parameters of a request target, decoded as a form: `+` is a blank.
struct QueryString {
    private let pairs: [(name: String, value: String)]

    init(target: String) {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            pairs = []
            return
        }
        pairs = target.utf8[target.utf8.index(after: mark)...]
            .split(separator: UInt8(ascii: "&"))
            .map { pair in
                let halves = pair.split(
                    separator: UInt8(ascii: "="),
                    maxSplits: 1,
                    omittingEmptySubsequences: false
                )
                return (
                    Self.decode(halves[0]),
                    halves.count > 1 ? Self.decode(halves[1]) : ""
                )
            }
    }

    /// The first value of this name; an empty one counts as absent.
    subscript(name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    private static func decode(_ text: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let escaped = escapedByte(rest) {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escapedByte(_ text: Substring.UTF8View) -> UInt8? {
        let digits = text.prefix(2).compactMap { Character(.init($0)).hexDigitValue }
        return digits.count == 2 ? UInt8(digits[0] << 4 | digits[1]) : nil
    }
}
