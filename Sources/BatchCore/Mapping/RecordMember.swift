/// A member that the server writes and no import fills.
enum RecordMember: String, Sendable, Hashable, CaseIterable {
    case id, arn, accountId, createdAt, updatedAt

    /// The member that a header names, to the letter or loosely.
    init?(named header: String) {
        let folded = LooseName(header)
        guard let member = Self.allCases.first(where: { LooseName($0.rawValue) == folded }) else {
            return nil
        }
        self = member
    }
}
