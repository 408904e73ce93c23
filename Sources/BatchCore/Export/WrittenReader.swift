import Plugipay
import RowIO

/// Reads back which customers stand in a part file.
enum WrittenReader {
    /// The longest line that is read back: more than a page can have in all.
    private static let mostBytes = 16 << 20

    /// What is asked of the file.
    struct Question {
        /// Whether all ids are wanted.
        var wantsAll: Bool
        /// From here on the overlap pass looks again; `nil` where it does not matter.
        var overlapFrom: Timestamp?
    }

    /// Reads the file.
    ///
    /// - Parameters:
    ///   - path: The part file, cut to whole lines.
    ///   - format: How it is written.
    ///   - question: What is asked.
    /// - Returns: The answer; `nil` where a line has no id or no time, or cannot be read.
    /// - Throws: `InputError` when the file cannot be read.
    static func read(
        _ path: String,
        _ format: ExportFormat,
        _ question: Question
    ) throws(InputError) -> WrittenCustomers? {
        let format: RowFormat =
            switch format {
            case .csv: .csv
            case .jsonl: .jsonl
            }
        var options = InputOptions(format: format)
        // Any customer that came in an answer can be read back, whatever its metadata.
        options.packedMember = CustomerColumns.metadata
        options.limits.recordBytes = mostBytes
        var input = try RowInput.open(.file(path), options: options)
        var written = WrittenCustomers()
        while let batch = try input.next() {
            let columns = input.reader.columns
            let idColumn = columns.firstIndex { $0.path == ["id"] }
            let timeColumn = columns.firstIndex { $0.path == ["createdAt"] }
            for row in batch.rows {
                guard row.isReadable, let id = text(of: row, idColumn, in: batch) else {
                    return nil
                }
                let time = text(of: row, timeColumn, in: batch)
                    .flatMap(Timestamp.init(iso8601:))
                guard time != nil || question.wantsAll else { return nil }
                written.note(id, time, question)
            }
        }
        return written
    }

    private static func text(of row: Row, _ column: Int?, in batch: RowBatch) -> String? {
        guard let column,
            let cell = batch.cells[row.cells].first(where: { $0.column == column })
        else { return nil }
        return String(decoding: batch.bytes[cell.range], as: UTF8.self)
    }
}

extension WrittenCustomers {
    fileprivate mutating func note(
        _ id: String,
        _ time: Timestamp?,
        _ question: WrittenReader.Question
    ) {
        count += 1
        if question.wantsAll { all.insert(id) }
        guard let time else { return }
        if let from = question.overlapFrom, time >= from { inOverlap.insert(id) }
    }
}
