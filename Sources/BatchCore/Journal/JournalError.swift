/// Why the journal cannot be used or written.
///
/// It always ends the run: what is not in the journal must not be sent.
package struct JournalError: Error, CustomStringConvertible {
    /// The kinds of trouble.
    package enum Code: String, Sendable {
        /// The file is there, but is no journal, or is damaged.
        case damaged
        /// A newer version of this program wrote it.
        case newerFormat = "newer_format"
        /// The disk, the folder or the file refused an operation.
        case storage
    }

    /// What kind of trouble it is.
    package let code: Code
    /// What happened, where, and what to do.
    package let message: String
    /// The error underneath.
    package let cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: What kind of trouble it is.
    ///   - message: What happened, where, and what to do.
    ///   - cause: The error underneath.
    package init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause))"
    }
}
