/// A column that is read and not used, for the screen to say so.
package struct LeftOutColumn: Sendable, Hashable {
    /// Why it is not used.
    package enum Reason: Sendable, Hashable {
        /// The server writes this member itself.
        case writtenByServer
        /// It maps to nothing, and `--ignore-unknown-columns` was given.
        case unknown
        /// Its field is filled by a `--map`.
        case superseded
        /// It has no name.
        case unnamed
    }

    /// The column's name; empty if it has none.
    package var name: String
    /// Why it is not used.
    package var reason: Reason

    /// A column that is left out.
    package init(name: String, reason: Reason) {
        self.name = name
        self.reason = reason
    }
}
