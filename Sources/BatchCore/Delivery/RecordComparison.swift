package import Plugipay

/// The one test of whether a record is what a row asks for.
///
/// Values are compared by UTF-8 bytes, never by `String` equality, for which a composed and a
/// decomposed é are one; an e-mail without the blanks around it and without case, because servers
/// store it so.
package enum RecordComparison {
    /// The fields that the draft fills and the record holds otherwise, in the order of the body.
    ///
    /// - Parameters:
    ///   - draft: What the row asks for.
    ///   - record: What the server has.
    /// - Returns: Names of fields as the API spells them; none if the record is what was asked for.
    package static func differences(_ draft: CustomerDraft, _ record: Customer) -> [String] {
        var names: [String] = []
        for (name, asked, stored) in texts(draft, record) where !isSame(name, asked, stored) {
            names.append(name)
        }
        if let asked = draft.metadata, !isSame(asked, record.metadata ?? [:]) {
            names.append("metadata")
        }
        return names
    }

    /// The fields that the server has stored with other bytes than were sent, equal or not.
    ///
    /// - Parameters:
    ///   - draft: What was sent.
    ///   - record: What the server has.
    /// - Returns: Names of fields as the API spells them, in the order of the body.
    package static func rewritten(_ draft: CustomerDraft, _ record: Customer) -> [String] {
        var names = texts(draft, record).filter { !hasSameBytes($0.asked, $0.stored) }.map(\.name)
        if differences(draft, record).contains("metadata") { names.append("metadata") }
        return names
    }

    /// Whether a record is what the row asks for: every field that the row fills is equal, and a
    /// record with an externalId never stands for a row without one.
    package static func isEqual(_ draft: CustomerDraft, _ record: Customer) -> Bool {
        if draft.externalId == nil, record.externalId != nil { return false }
        return differences(draft, record).isEmpty
    }

    /// Whether an answer to a create speaks of this row: by its externalId if it has one, else by
    /// its e-mail, else its name, else every field that was sent.
    package static func isAnchored(_ draft: CustomerDraft, _ record: Customer) -> Bool {
        if let externalId = draft.externalId {
            return hasSameBytes(externalId, record.externalId)
        }
        if let email = draft.email { return isSame("email", email, record.email) }
        if let name = draft.name { return hasSameBytes(name, record.name) }
        return isEqual(draft, record)
    }

    /// The patch that sets these fields to what the row asks for, metadata whole.
    ///
    /// - Parameters:
    ///   - draft: What the row asks for.
    ///   - names: The fields as the API spells them; what the row does not fill is never mentioned.
    /// - Returns: The patch.
    package static func patch(_ draft: CustomerDraft, of names: [String]) -> CustomerPatch {
        func change(_ name: String, _ value: String?) -> PatchValue<String> {
            guard names.contains(name), let value else { return .absent }
            return .set(value)
        }
        var patch = CustomerPatch(
            email: change("email", draft.email),
            name: change("name", draft.name),
            phone: change("phone", draft.phone),
            taxId: change("taxId", draft.taxId),
            defaultPaymentTokenId: change("defaultPaymentTokenId", draft.defaultPaymentTokenId)
        )
        if names.contains("metadata"), let metadata = draft.metadata {
            patch.metadata = .set(metadata)
        }
        return patch
    }

    /// Whether two records show the same in these fields, as far as the first one tells them.
    ///
    /// - Parameters:
    ///   - names: The fields as the API spells them.
    ///   - told: What an answer said.
    ///   - record: What the server has.
    /// - Returns: Whether none differs.
    package static func hasSame(
        _ names: [String],
        _ told: Customer,
        _ record: Customer
    ) -> Bool {
        let draft = CustomerDraft(
            email: told.email,
            name: told.name,
            phone: told.phone,
            taxId: told.taxId,
            defaultPaymentTokenId: told.defaultPaymentTokenId,
            metadata: told.metadata
        )
        return Set(differences(draft, record)).isDisjoint(with: names)
    }

    /// Whether two texts have the same UTF-8 bytes.
    package static func hasSameBytes(_ left: String, _ right: String?) -> Bool {
        right.map { left.utf8.elementsEqual($0.utf8) } ?? false
    }

    private static func texts(
        _ draft: CustomerDraft,
        _ record: Customer
    ) -> [(name: String, asked: String, stored: String?)] {
        [
            ("externalId", draft.externalId, record.externalId),
            ("email", draft.email, record.email),
            ("name", draft.name, record.name),
            ("phone", draft.phone, record.phone),
            ("taxId", draft.taxId, record.taxId),
            ("defaultPaymentTokenId", draft.defaultPaymentTokenId, record.defaultPaymentTokenId),
        ].compactMap { name, asked, stored in asked.map { (name, $0, stored) } }
    }

    private static func isSame(_ name: String, _ asked: String, _ stored: String?) -> Bool {
        guard let stored else { return false }
        guard name == "email" else { return hasSameBytes(asked, stored) }
        return folded(asked).utf8.elementsEqual(folded(stored).utf8)
    }

    private static func isSame(_ asked: [String: String], _ stored: [String: String]) -> Bool {
        guard asked.count == stored.count else { return false }
        let stored = Dictionary(
            stored.map { (Array($0.key.utf8), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        return asked.allSatisfy { key, value in hasSameBytes(value, stored[Array(key.utf8)]) }
    }

    private static func folded(_ email: String) -> String {
        let blanks: Set<Character> = [" ", "\t"]
        let trimmed = email.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }
        return String(trimmed.reversed()).lowercased()
    }
}
