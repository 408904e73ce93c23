/// The bytes that give a CSV its shape.
package struct CSVDialect: Sendable, Hashable {
    /// Between two cells: one ASCII byte, not a quote, blank or line end.
    package var delimiter: UInt8
    /// Around a cell that holds delimiters, quotes or line ends; doubled it is itself.
    package let quote = UInt8(ascii: "\"")

    /// Commas, as RFC 4180 has it.
    package static let comma = CSVDialect(delimiter: UInt8(ascii: ","))

    /// TABs, with the quotes of RFC 4180.
    package static let tab = CSVDialect(delimiter: UInt8(ascii: "\t"))

    /// A dialect with another delimiter.
    package init(delimiter: UInt8) {
        self.delimiter = delimiter
    }

    /// Whether a byte is a blank that may stand around a quoted cell.
    @inline(__always)
    func isBlank(_ byte: UInt8) -> Bool {
        (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != delimiter
    }
}
