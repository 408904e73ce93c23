/// Why a sandbox could not start or go on.
public struct SandboxError: Error, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The word for it.
        public let rawValue: String

        /// Creates a code from its word.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The address cannot be listened on.
        public static let cannotListen = Code(rawValue: "cannot_listen")
        /// The database cannot be opened, or is not a sandbox's.
        public static let cannotOpen = Code(rawValue: "cannot_open")
        /// A value of the configuration makes no sense.
        public static let invalidConfiguration = Code(rawValue: "invalid_configuration")
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What was found, what was expected, and how to mend it.
    public let message: String
    /// The error underneath.
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, followed by the error underneath.
    public var description: String {
        cause.map { "\(message) (\($0))" } ?? message
    }
}
