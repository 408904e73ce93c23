/// Why a run cannot begin or go on.
///
/// A row's problem is never one: it is a value with a position.
package struct BatchError: Error, Sendable, CustomStringConvertible {
    /// The kinds of trouble; each has one exit code.
    package enum Code: String, Sendable {
        /// A setting that cannot be followed.
        case configuration
        /// An input that is missing, damaged, or cannot be mapped.
        case input
        /// The server refused the credentials, the scope or the target.
        case refused
        /// The job folder belongs to another target.
        case otherTarget = "other_target"
        /// The disk refused an operation.
        case storage
        /// The server never gave a good answer.
        case neverAnswered = "never_answered"
        /// A list of the server leads nowhere: a circle, or an end that is none.
        case brokenPaging = "broken_paging"
        /// Another process runs the job.
        case inUse = "in_use"
        /// A fault of this program.
        case internalFault = "internal_fault"
    }

    /// What kind of trouble it is.
    package let code: Code
    /// Where it happened, what was found, what was expected, and how to mend it.
    package let message: String
    /// The error underneath.
    package let cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: What kind of trouble it is.
    ///   - message: Where, what was found, what was expected, how to mend it.
    ///   - cause: The error underneath.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
