/// A word that has no place in Sources, why, and where it has one all the same.
struct ForbiddenWord: Sendable {
    let text: String
    let reason: String
    /// Paths of files, or of folders with a `/` at the end.
    let exceptions: [String]
    /// Whether comments count too; strings never do, except for words of comments.
    let countsInComments: Bool

    init(_ text: String, why reason: String, except: [String] = [], inComments: Bool = false) {
        self.text = text
        self.reason = reason
        exceptions = except
        countsInComments = inComments
    }

    func isAllowed(in path: String) -> Bool {
        exceptions.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
    }

    /// Whether the word stands in the line and is not the end of a longer one.
    func occurs(in line: String) -> Bool {
        var rest = line[...]
        while let range = rest.firstRange(of: text) {
            let before = line[..<range.lowerBound].last
            if before.map({ !$0.isLetter && !$0.isNumber && $0 != "_" }) ?? true { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }
}
