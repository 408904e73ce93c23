/// A Swift file: its lines as they stand, and its code without comments and strings.
struct SourceFile: Sendable {
    /// From the package's root: `Sources/RowIO/CSV/CSVReader.swift`.
    let path: String
    let text: String
    /// Without the newlines; the empty piece after the last newline is no line.
    let lines: [String]
    /// As `lines`, with comments and the contents of strings blanked.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = Self.split(text)
        code = Self.split(CodeMask.apply(to: text))
    }

    /// The second part of the path: the module, or the test folder.
    var module: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    var isSource: Bool { path.hasPrefix("Sources/") }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
