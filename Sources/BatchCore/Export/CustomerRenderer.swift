import Plugipay
import RowIO

/// The members of a customer that `--fields` may pick.
package enum ExportFields {
    /// The columns of a CSV export, and what else the contract (section 7) knows.
    package static let names = CustomerColumns.export + ["arn"]
}

/// Writes customers as lines of a file.
struct CustomerRenderer: Sendable {
    private let format: ExportFormat
    private let fields: [String]
    private var csv = CSVWriter()

    /// - Parameters:
    ///   - format: How customers are written.
    ///   - fields: The members to write; empty for all.
    init(_ format: ExportFormat, fields: [String]) {
        self.format = format
        self.fields = Self.columns(format, fields: fields)
    }

    /// What is written of each customer; empty for all.
    static func columns(_ format: ExportFormat, fields: [String]) -> [String] {
        fields.isEmpty && format == .csv ? CustomerColumns.export : fields
    }

    /// What stands before the first customer: the line of names of a CSV.
    mutating func header() -> [UInt8] {
        guard format == .csv else { return [] }
        csv.appendRow(fields)
        return takeCSV()
    }

    /// Appends the line of a customer.
    ///
    /// - Parameters:
    ///   - item: The customer, on its page.
    ///   - body: The page.
    ///   - output: Takes the line.
    /// - Throws: `OutputError` when the object cannot be read: what is counted must be written.
    mutating func append(
        _ item: ListedPage.Item,
        of body: [UInt8],
        to output: inout [UInt8]
    ) throws(OutputError) {
        if format == .jsonl, fields.isEmpty {
            JSONCompactor.append(body, item.range, to: &output)
            output.append(Self.lineEnd)
            return
        }
        guard let object = RawObject(body, in: item.range) else {
            let message = "the customer \(item.id) was read before and cannot be read again"
            throw OutputError(code: .writeFailed, message: message, path: "export")
        }
        switch format {
        case .jsonl: appendMembers(of: object, body, to: &output)
        case .csv:
            appendCells(of: object, body)
            output += takeCSV()
        }
    }

    private static let lineEnd = UInt8(ascii: "\n")

    private func appendMembers(of object: RawObject, _ body: [UInt8], to output: inout [UInt8]) {
        var separator = UInt8(ascii: "{")
        for name in fields {
            guard let range = object.range(of: name) else { continue }
            output.append(separator)
            output += "\"\(name)\":".utf8
            JSONCompactor.append(body, range, to: &output)
            separator = UInt8(ascii: ",")
        }
        if separator == UInt8(ascii: "{") { output.append(separator) }
        output.append(UInt8(ascii: "}"))
        output.append(Self.lineEnd)
    }

    private mutating func appendCells(of object: RawObject, _ body: [UInt8]) {
        for name in fields {
            if object.isContainer(name), let range = object.range(of: name) {
                var compact: [UInt8] = []
                JSONCompactor.append(body, range, to: &compact)
                csv.append(compact)
            } else {
                csv.append(object.text(of: name) ?? "")
            }
        }
        csv.endRow()
    }

    private mutating func takeCSV() -> [UInt8] {
        defer { csv.removeAll() }
        return csv.bytes
    }
}
