import Plugipay

/// One PATCH of a row: what it changes, and the state from which it starts.
struct PendingPatch {
    /// The record from which the difference was computed.
    let base: Customer
    /// The fields that are sent, as the API spells them.
    let fields: [String]
    /// Fields that are not sent although they may differ: the server has taken them already and
    /// keeps them in another form, or it refuses them.
    let leaving: Set<String>
    /// The canonical bytes.
    let body: [UInt8]

    /// The PATCH that makes a record what a row asks for.
    ///
    /// A field that the row does not have is left as it is, never cleared. The externalId is not
    /// sent: it is what the record was found by.
    init(_ draft: CustomerDraft, on base: Customer, leaving: Set<String> = []) {
        self.base = base
        self.leaving = leaving
        fields = RecordComparison.differences(draft, base).filter {
            $0 != Self.externalID && !leaving.contains($0)
        }
        body = RecordComparison.patch(draft, of: fields).canonicalBody()
    }

    /// Nothing differs that can be sent.
    var isEmpty: Bool { fields.isEmpty }

    /// The fields that the server has taken with this PATCH or one before it.
    var taken: Set<String> { leaving.union(fields) }

    /// Whether an answer shows a later state than the one the PATCH started from.
    ///
    /// If it does not, it may be the stored answer of another PATCH with the same key: some servers
    /// tell times in whole seconds, or none.
    func isOlder(than record: Customer) -> Bool {
        guard let told = record.updatedAtText else { return false }
        return !RecordComparison.hasSameBytes(told, base.updatedAtText)
    }

    static let metadata = "metadata"
    private static let externalID = "externalId"
}
