/// An opened input: its rows, and what was found out about it.
package struct RowInput {
    /// The rows.
    package var reader: any RowReader
    /// How they are written.
    package let format: RowFormat
    /// Whether the input is gzip.
    package let isCompressed: Bool
    /// What the file was when it was opened; nil for an input that is no file.
    ///
    /// The position of a row means something only as long as the file is still this one.
    package let identity: FileIdentity?

    /// Bytes taken from the input so far, as they are on disk; final after the end.
    package var bytesRead: Int64 { reader.bytesRead }

    /// Opens an input, finds its format, and reads the header of a CSV or TSV.
    package static func open(
        _ source: InputSource,
        options: InputOptions = InputOptions()
    ) throws(InputError) -> RowInput {
        let bytes = try ByteSource(source, readBytes: options.readBytes)
        var window = ReadWindow(bytes, readBytes: options.readBytes)
        let format = try detectFormat(of: &window, options)
        if window.bytes[window.range].starts(with: FormatDetection.byteOrderMark) {
            window.consume(to: window.range.lowerBound + FormatDetection.byteOrderMark.count)
        }
        let reader: any RowReader
        if let dialect = format.dialect {
            reader = try CSVReader(window, dialect: options.dialect ?? dialect, options: options)
        } else {
            reader = JSONLinesReader(window, options: options)
        }
        return RowInput(
            reader: reader,
            format: format,
            isCompressed: bytes.isCompressed,
            identity: bytes.identity
        )
    }

    /// The next rows; see `RowReader.next()`.
    package mutating func next() throws(InputError) -> RowBatch? {
        try reader.next()
    }

    private static func detectFormat(
        of window: inout ReadWindow,
        _ options: InputOptions
    ) throws(InputError) -> RowFormat {
        // Enough for the longest magic and the byte order mark, if the input is that long.
        while window.range.count < 8 && !window.isAtEnd {
            do {
                try window.fill()
            } catch {
                // The reader meets the damage again, after the rows that stand before it.
                if window.range.isEmpty { throw error }
                break
            }
        }
        while true {
            let found = FormatDetection.detect(
                head: window.bytes[window.range],
                isWhole: window.isAtEnd,
                name: window.source.name,
                explicit: options.format,
                hasHeader: options.columns == nil
            )
            switch found {
            case .format(let format): return format
            case .undecided: try window.fill()
            case .unsupported(let reason):
                throw InputError(
                    code: .unsupportedFormat,
                    message: reason,
                    path: window.source.name
                )
            }
        }
    }
}
