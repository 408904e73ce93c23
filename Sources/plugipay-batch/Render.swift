import BatchCore
import SystemPackage

/// Standard output: data only.
enum Render {
    /// Prints a line of data.
    ///
    /// - Parameter text: The line, without its line end.
    /// - Throws: `BatchError` when it cannot be written, as when the reader of a pipe has gone.
    static func line(_ text: String) throws(BatchError) {
        do {
            _ = try FileDescriptor.standardOutput.writeAll("\(text)\n".utf8)
        } catch {
            throw BatchError(.storage, "cannot write to standard output: \(error)", cause: error)
        }
    }
}
