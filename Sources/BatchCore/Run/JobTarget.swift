/// Where a job's customers go.
///
/// A job belongs to one target for good: with another one its journal would tell lies.
package struct JobTarget: Sendable, Hashable {
    /// The server, or the sandbox's book.
    package enum Place: Sendable, Hashable {
        /// Host and port of the base URL, and the base URL as it is shown.
        case server(authority: String, baseURL: String)
        /// The absolute path of the sandbox's database.
        case sandbox(database: String)
    }

    /// The server, or the sandbox's book.
    package var place: Place
    /// `live`, `test` or empty, as far as the credentials tell.
    package var mode: String
    /// The merchant that a platform key acts for.
    package var onBehalfOf: String?

    /// Makes a target.
    ///
    /// - Parameters:
    ///   - place: The server, or the sandbox's book.
    ///   - mode: `live`, `test` or empty.
    ///   - onBehalfOf: The merchant that a platform key acts for.
    package init(place: Place, mode: String, onBehalfOf: String? = nil) {
        self.place = place
        self.mode = mode
        self.onBehalfOf = onBehalfOf
    }

    /// The target in one line: what is compared, and what is shown when it differs.
    package var text: String {
        let place =
            switch place {
            case .server(let authority, _): authority
            case .sandbox(let database): "sandbox \(database)"
            }
        let mode = mode.isEmpty ? "" : ", \(mode) mode"
        return place + mode + (onBehalfOf.map { ", on behalf of \($0)" } ?? "")
    }

    /// The base URL for the summary; `sandbox` for a sandbox inside this process.
    package var baseURL: String {
        switch place {
        case .server(_, let baseURL): baseURL
        case .sandbox: "sandbox"
        }
    }
}
