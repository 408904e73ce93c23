/// A set of customers, 16 bytes of hash for each: ids are opaque and may be long.
struct CustomerIDSet: Sendable, Hashable {
    private var members: Set<UInt128> = []

    /// How many customers there are.
    var count: Int { members.count }

    /// Whether a customer is in it.
    func contains(_ id: String) -> Bool { members.contains(Self.fingerprint(of: id)) }

    /// Adds a customer.
    ///
    /// - Returns: Whether it was not there before.
    @discardableResult
    mutating func insert(_ id: String) -> Bool {
        members.insert(Self.fingerprint(of: id)).inserted
    }

    private static func fingerprint(of id: String) -> UInt128 {
        Digest.sha256(Array(id.utf8)).fingerprint
    }
}
