/// What the first bytes of an input say about its format.
enum FormatDetection: Equatable {
    /// Rows in this format.
    case format(RowFormat)
    /// Something that is no text; what it is and what to do.
    case unsupported(String)
    /// Nothing but blanks so far; more bytes may tell.
    case undecided

    /// The blanks at the start that are looked at before the name decides: 64 KiB.
    static let headBytes = 64 << 10
    /// The byte order mark of UTF-8.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static let saveAs = "save the sheet as CSV UTF-8"
    /// First bytes of files that people mistake for text, what they are, and what to do.
    private static let foreign: [(magic: [UInt8], what: String, remedy: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP file, perhaps a spreadsheet (.xlsx)", saveAs),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old spreadsheet (.xls)", saveAs),
        ([0xFF, 0xFE], "UTF-16 text", "save it as UTF-8"),
        ([0xFE, 0xFF], "UTF-16 text", "save it as UTF-8"),
        (GzipDecoder.magic, "gzip inside gzip", "decompress it once with gzip -d"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "decompress it, or use gzip"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "decompress it, or use gzip"),
        ([0x42, 0x5A, 0x68, 0x39], "compressed with bzip2", "decompress it, or use gzip"),
    ]

    /// Decides by content, then by `name`.
    ///
    /// `explicit` is what the user said; `isWhole` says that the input ends with `head`;
    /// `hasHeader` that nobody named its columns.
    static func detect(
        head: ArraySlice<UInt8>,
        isWhole: Bool,
        name: String,
        explicit: RowFormat?,
        hasHeader: Bool = true
    ) -> FormatDetection {
        for entry in foreign where head.starts(with: entry.magic) {
            return .unsupported("this is \(entry.what); \(entry.remedy)")
        }
        if let explicit { return checked(explicit, hasHeader: hasHeader) }
        let start = head.prefix(headBytes)
        let text = start.starts(with: byteOrderMark) ? start.dropFirst(3) : start
        switch text.first(where: { !isBlank($0) }) {
        case UInt8(ascii: "{"): return checked(.jsonl, hasHeader: hasHeader)
        case UInt8(ascii: "["):
            return .unsupported(
                "this is a JSON array, and arrays are not supported yet; write one object a line, "
                    + "or name the format if it is none"
            )
        case nil where !isWhole && start.count < headBytes: return .undecided
        default: break
        }
        if let format = formatByName(name) { return checked(format, hasHeader: hasHeader) }
        guard isWhole || start.count == headBytes || text.contains(where: isLineEnd) else {
            return .undecided
        }
        return checked(hasTabs(text.prefix { !isLineEnd($0) }) ? .tsv : .csv, hasHeader: hasHeader)
    }

    /// Whether TABs stand between the columns of a line: there are some, and no commas.
    private static func hasTabs(_ line: ArraySlice<UInt8>) -> Bool {
        line.contains(UInt8(ascii: "\t")) && !line.contains(UInt8(ascii: ","))
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (UInt8(ascii: "\t")...UInt8(ascii: "\r")).contains(byte)
    }

    /// What a name says; nil if it says nothing.
    private static func formatByName(_ name: String) -> RowFormat? {
        var lowered = name.lowercased()
        if lowered.hasSuffix(".gz") { lowered.removeLast(3) }
        if lowered.hasSuffix(".tsv") { return .tsv }
        if lowered.hasSuffix(".csv") { return .csv }
        return lowered.hasSuffix(".jsonl") || lowered.hasSuffix(".ndjson") ? .jsonl : nil
    }

    /// Objects name their own members, so whoever names columns means another format or file.
    private static func checked(_ format: RowFormat, hasHeader: Bool) -> FormatDetection {
        guard format.dialect == nil, !hasHeader else { return .format(format) }
        return .unsupported(
            "this looks like JSON Lines, which names its own members, but columns were named with "
                + "--columns; leave out --no-header and --columns, or say --format csv or tsv if "
                + "it is none"
        )
    }
}
