/// Why a file could not be written.
///
/// What stood under its name before still does, unless the message says otherwise.
package struct OutputError: Error, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: RawRepresentable, Sendable, Hashable {
        /// The code as text.
        package let rawValue: String

        /// A code from its text.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The folder is missing, closed to this user, or no temporary file can be made in it.
        package static let cannotCreate = Code(rawValue: "cannot_create")
        /// The name belongs to a symbolic link, folder, pipe or device.
        package static let notRegularFile = Code(rawValue: "not_regular_file")
        /// A write failed: the disk is full, a limit is reached, the reader of a pipe has gone.
        package static let writeFailed = Code(rawValue: "write_failed")
        /// The system could not promise that the bytes are on disk.
        ///
        /// Never tried again: after a failed fsync a second one may succeed although the bytes are
        /// lost.
        package static let syncFailed = Code(rawValue: "sync_failed")
        /// Another process writes the file.
        package static let inUse = Code(rawValue: "in_use")
        /// What was written before cannot be read again.
        package static let readFailed = Code(rawValue: "read_failed")
        /// There are fewer bytes than were written before.
        package static let tooShort = Code(rawValue: "too_short")
        /// The finished file could not take its name.
        package static let renameFailed = Code(rawValue: "rename_failed")
    }

    /// The kind of failure.
    package var code: Code
    /// What was found, what was expected, how to mend it.
    package var message: String
    /// The output's path or name.
    package var path: String
    /// The failure below, such as a `SystemPackage.Errno`.
    package var cause: (any Error)?

    /// The path and the message, for people.
    package var description: String { "\(path): \(message)" }

    /// An error about the output at `path`.
    package init(code: Code, message: String, path: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.cause = cause
    }
}
