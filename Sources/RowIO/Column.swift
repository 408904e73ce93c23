/// A named place for a value: a CSV header cell, or the path of a JSON member.
package struct Column: Sendable, Hashable {
    /// The member names from the outside in.
    ///
    /// A CSV column has one element: its header text.
    package var path: [String]

    /// The path as people write it, joined by dots.
    package var name: String { path.joined(separator: ".") }

    /// A column at `path`.
    package init(path: [String]) {
        self.path = path
    }
}
