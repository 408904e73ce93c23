/// What may stand in a header's value.
enum HeaderText {
    /// Whether `text` can be sent: visible ASCII characters and blanks inside.
    ///
    /// A line break would start another header (RFC 9112, 11.1), and what is not ASCII reads
    /// differently at each server (RFC 9110, 5.5).
    static func isSendable(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.first != UInt8(ascii: " "), bytes.last != UInt8(ascii: " ") else {
            return false
        }
        return bytes.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// Refuses a value that cannot be sent, naming the header and never the value.
    static func check(_ text: String?, of header: String) throws(PlugipayError) {
        guard let text else { return }
        guard !text.isEmpty, isSendable(text) else {
            throw .unsent(
                .invalidRequest,
                "The value for \(header) is empty, begins or ends with a blank, or holds a line "
                    + "break, a control character or a character outside ASCII. "
                    + "Nothing was sent."
            )
        }
    }
}
