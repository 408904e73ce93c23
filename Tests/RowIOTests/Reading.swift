import RowIO

/// A row as a test wants to see it.
struct ReadRow: Equatable {
    var position: RowPosition
    /// Column name and text, in the order of the input.
    var cells: [String]
    var kinds: [CellKind]
    var codes: [String]
    var messages: [String]
    var isReadable: Bool
    var raw: [UInt8]?
}

/// Everything that reading an input gave.
struct Reading {
    var columns: [String] = []
    var header: RowPosition?
    var rawHeader: [UInt8]?
    var rows: [ReadRow] = []
    var bytesRead: Int64 = 0
    var format: RowFormat?
    /// What ended it before the end of the input.
    var failure: InputError?

    /// Reads `source` until it ends or fails.
    init(_ source: InputSource, _ options: InputOptions = InputOptions()) {
        do throws(InputError) {
            var input = try RowInput.open(source, options: options)
            format = input.format
            header = input.reader.header
            rawHeader = input.reader.rawHeader
            do throws(InputError) {
                while let batch = try input.next() {
                    take(batch, columns: input.reader.columns)
                }
            } catch {
                failure = error
            }
            columns = input.reader.columns.map(\.name)
            bytesRead = input.bytesRead
        } catch {
            failure = error
        }
    }

    init(_ text: String, _ options: InputOptions = InputOptions(format: .csv)) {
        self.init(.bytes(Array(text.utf8), name: "test"), options)
    }

    init(bytes: [UInt8], _ options: InputOptions = InputOptions(format: .csv)) {
        self.init(.bytes(bytes, name: "test"), options)
    }

    private mutating func take(_ batch: RowBatch, columns: [Column]) {
        for row in batch.rows {
            let cells = batch.cells[row.cells]
            rows.append(
                ReadRow(
                    position: row.position,
                    cells: cells.map { cell in
                        let text = String(decoding: batch.bytes[cell.range], as: UTF8.self)
                        return "\(columns[cell.column].name)=\(text)"
                    },
                    kinds: cells.map(\.kind),
                    codes: row.issues.map(\.code.rawValue),
                    messages: row.issues.map(\.message),
                    isReadable: row.isReadable,
                    raw: row.raw.map { Array(batch.raw[$0]) }
                )
            )
        }
    }
}

extension InputOptions {
    /// CSV options for small records and reads.
    static func csv(
        readBytes: Int = 256 << 10,
        recordBytes: Int = 1 << 20,
        keepsRawBytes: Bool = false
    ) -> InputOptions {
        var options = InputOptions(format: .csv, keepsRawBytes: keepsRawBytes)
        options.readBytes = readBytes
        options.limits.recordBytes = recordBytes
        return options
    }

    /// The same for JSON Lines.
    static func jsonl(readBytes: Int = 256 << 10, recordBytes: Int = 1 << 20) -> InputOptions {
        var options = csv(readBytes: readBytes, recordBytes: recordBytes)
        options.format = .jsonl
        return options
    }
}
