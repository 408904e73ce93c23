/// The command line that goes on with a job: the user's own, quoted for a shell.
enum ResumeCommand {
    /// Joins the words of a command line.
    ///
    /// - Parameter arguments: The words, the program's name first.
    /// - Returns: A line that a POSIX shell splits into the same words.
    static func text(_ arguments: [String]) -> String {
        arguments.map(quoted).joined(separator: " ")
    }

    /// A word as a POSIX shell reads it back.
    static func quoted(_ word: String) -> String {
        guard word.isEmpty || word.utf8.contains(where: needsQuotes) else { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            false
        case _ where byte >= 0x80: false
        default: !plain.contains(byte)
        }
    }

    private static let plain = Set("-_./:@%+,=".utf8)
}
