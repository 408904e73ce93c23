package import Plugipay

/// What one row asks for, as bytes: the fields that it fills, and its metadata.
///
/// One draft serves all rows in turn. Its buffers grow to the longest row and stay, so that a row
/// costs no allocation. Values are UTF-8 as the input has them, without the blanks around them.
package struct RowDraft: Sendable {
    /// The text of all fields and pairs, in the order of arrival.
    package private(set) var bytes: [UInt8] = []

    /// A field that is present is never empty, so an empty range stands for an absent one.
    private var fields = [Range<Int>](repeating: 0..<0, count: CustomerField.allCases.count)
    private var pairs: [(key: Range<Int>, value: Range<Int>)] = []
    private var hasMetadata = false

    /// A draft of no fields.
    package init() {}

    /// Where a field's value stands in `bytes`; nil if the row has none.
    package subscript(_ field: CustomerField) -> Range<Int>? {
        let range = fields[field.rawValue]
        return range.isEmpty ? nil : range
    }

    /// A field's value as text, for messages and results; not for comparisons, which use bytes.
    package func text(of field: CustomerField) -> String? {
        self[field].map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    /// The metadata pairs, ordered by their keys' bytes; nil if the row says nothing about it.
    ///
    /// An empty list is `{}`, which clears a customer's metadata.
    package var metadata: [(key: Range<Int>, value: Range<Int>)]? { hasMetadata ? pairs : nil }

    /// How many metadata pairs there are.
    package var pairCount: Int { pairs.count }

    /// Whether the row says nothing about a customer: no field and no pair; `{}` is nothing.
    package var isEmpty: Bool { pairs.isEmpty && fields.allSatisfy(\.isEmpty) }

    /// Writes the draft's canonical body.
    ///
    /// - Parameter body: the encoder; what it held before is forgotten.
    package func encodeBody(into body: inout CanonicalBody) {
        body.begin()
        bytes.withUnsafeBufferPointer { bytes in
            for field in CustomerField.allCases {
                let range = fields[field.rawValue]
                if range.isEmpty { continue }
                body.member(field.wireName, value: UnsafeBufferPointer(rebasing: bytes[range]))
            }
        }
        if hasMetadata { body.metadata(pairs, in: bytes) }
        body.end()
    }
}

// MARK: - Filling

extension RowDraft {
    /// Forgets the row and keeps the buffers.
    package mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        for index in fields.indices { fields[index] = 0..<0 }
        pairs.removeAll(keepingCapacity: true)
        hasMetadata = false
    }

    /// Sets a field, replacing what it held.
    ///
    /// - Parameters:
    ///   - field: the field.
    ///   - range: the value in `source`; an empty one makes the field absent.
    ///   - source: a buffer of UTF-8.
    package mutating func set(
        _ field: CustomerField,
        to range: Range<Int>,
        of source: borrowing Span<UInt8>
    ) {
        // A slice of an array would be retained and released for each field of each row.
        fields[field.rawValue] = source.extracting(range).withUnsafeBufferPointer { append($0) }
    }

    /// Adds a metadata pair; keys may repeat until `orderMetadata` looks for that.
    package mutating func addPair(key: some Collection<UInt8>, value: some Collection<UInt8>) {
        pairs.append((append(key), append(value)))
        hasMetadata = true
    }

    /// Says that the row has metadata, even if no pair follows.
    package mutating func beginMetadata() { hasMetadata = true }

    /// Puts the pairs in order.
    ///
    /// - Parameter first: the index of the first pair that takes part.
    /// - Returns: the keys that occur more than once, each once, if any.
    package mutating func orderMetadata(from first: Int = 0) -> [String] {
        guard pairs.count - first > 1 else { return [] }
        let bytes = bytes
        pairs[first...].sort { bytes[$0.key].lexicographicallyPrecedes(bytes[$1.key]) }
        var repeated: [String] = []
        for (left, right) in zip(pairs[first...], pairs[(first + 1)...])
        where bytes[left.key].elementsEqual(bytes[right.key]) {
            let key = String(decoding: bytes[left.key], as: UTF8.self)
            if repeated.last.map({ !$0.utf8.elementsEqual(key.utf8) }) ?? true {
                repeated.append(key)
            }
        }
        return repeated
    }

    private mutating func append(_ value: some Collection<UInt8>) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: value)
        return start..<bytes.count
    }
}

extension CustomerField {
    /// The member's name on the wire, as the encoder takes it.
    fileprivate var wireName: StaticString {
        switch self {
        case .externalId: "externalId"
        case .email: "email"
        case .name: "name"
        case .phone: "phone"
        case .taxId: "taxId"
        case .defaultPaymentTokenId: "defaultPaymentTokenId"
        }
    }
}
