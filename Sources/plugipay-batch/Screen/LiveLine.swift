/// The one line of a terminal that is drawn over and over: what to write to draw it, and to make
/// room for other lines.
///
/// Only the carriage return and two erasing sequences are used (ECMA-48, 8.3.39 and 8.3.41), and
/// nothing is switched on that a killed process could not switch off again.
struct LiveLine: Sendable {
    /// What takes a line away that has not been wrapped.
    static let erasure: StaticString = "\r\u{1B}[K"

    private var length = 0
    private var text = ""

    /// What draws a line in place of the last one.
    ///
    /// - Parameters:
    ///   - text: The line, with its colours.
    ///   - length: How many columns it takes; fewer than `width`.
    ///   - width: The terminal's columns, now.
    /// - Returns: What to write; empty if the line stands there already.
    mutating func draw(_ text: String, length: Int, width: Int) -> String {
        let isWrapped = rowsAbove(width) > 0
        guard isWrapped || text != self.text else { return "" }
        let room = isWrapped ? erase(width: width) : "\r"
        self.text = text
        self.length = length
        return room + text + "\u{1B}[K"
    }

    /// What takes the line away, the cursor at its beginning.
    ///
    /// - Parameter width: The terminal's columns, now.
    /// - Returns: What to write; empty if no line is there.
    mutating func erase(width: Int) -> String {
        guard !text.isEmpty else { return "" }
        let above = rowsAbove(width)
        text = ""
        length = 0
        return above > 0 ? "\u{1B}[\(above)A\r\u{1B}[J" : "\(Self.erasure)"
    }

    /// Whether a line is there.
    var isShown: Bool { !text.isEmpty }

    /// Rows of the line above the cursor: a window that was made narrower has wrapped it.
    private func rowsAbove(_ width: Int) -> Int {
        width > 0 && length > 0 ? (length - 1) / width : 0
    }
}
