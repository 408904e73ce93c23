/// Why an input as a whole cannot be read, or not to its end.
package struct InputError: Error, CustomStringConvertible {
    /// The kind of failure.
    package struct Code: RawRepresentable, Sendable, Hashable {
        /// The code as text.
        package let rawValue: String

        /// A code from its text.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// No file of that name.
        package static let notFound = Code(rawValue: "not_found")
        /// The file is there, and this user may not read it.
        package static let permissionDenied = Code(rawValue: "permission_denied")
        /// The operating system failed to open or read it.
        package static let unreadable = Code(rawValue: "unreadable")
        /// A folder.
        package static let isDirectory = Code(rawValue: "is_directory")
        /// A pipe, socket or device.
        package static let specialFile = Code(rawValue: "special_file")
        /// Compressed bytes that are cut off, do not fit their checksum, or go on too far.
        package static let damaged = Code(rawValue: "damaged")
        /// A header line that cannot be trusted.
        package static let badHeader = Code(rawValue: "bad_header")
        /// A format that is recognised and cannot be read.
        package static let unsupportedFormat = Code(rawValue: "unsupported_format")
        /// More bytes than such a file can have.
        package static let tooLarge = Code(rawValue: "too_large")
        /// The file is not the one that was read before.
        package static let changed = Code(rawValue: "changed")
    }

    /// The kind of failure.
    package var code: Code
    /// What was found, what was expected, how to mend it.
    package var message: String
    /// The input's path or name.
    package var path: String
    /// The place of the failure in the file as it is on disk, in bytes from 0, if it has one.
    package var offset: Int64?
    /// The failure below, such as a `SystemPackage.Errno`.
    package var cause: (any Error)?

    /// The path and the message, for people.
    package var description: String { "\(path): \(message)" }

    /// An error about the input at `path`.
    package init(
        code: Code,
        message: String,
        path: String,
        offset: Int64? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.path = path
        self.offset = offset
        self.cause = cause
    }
}
