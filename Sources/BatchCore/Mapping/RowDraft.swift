package import Plugipay

/// What one row asks for, as bytes: the fields that it fills, and its metadata.
///
/// One draft serves all rows in turn. Its buffers grow to the longest row and stay, so that a row
/// costs no allocation. Values are UTF-8 as the input has them, without the blanks around them.
package struct RowDraft: Sendable {
    /// The text of all fields and pairs, in the order of arrival; that of earlier rows may stand
    /// before it.
    package private(set) var bytes: [UInt8] = []

    /// Where each field's value starts and ends, by the field's raw value.
    ///
    /// A field that is present is never empty, so an empty range stands for an absent one. They are
    /// vectors, not arrays, because these are reset, written and read for each row.
    private var starts = SIMD8<UInt32>()
    private var ends = SIMD8<UInt32>()
    private var pairs: [(key: Range<Int>, value: Range<Int>)] = []
    private var hasMetadata = false

    /// A draft of no fields.
    package init() {}

    /// Where a field's value stands in `bytes`; nil if the row has none.
    package subscript(_ field: CustomerField) -> Range<Int>? {
        let (start, end) = (starts[field.rawValue], ends[field.rawValue])
        return start < end ? Int(start)..<Int(end) : nil
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
    package var isEmpty: Bool { pairs.isEmpty && starts == ends }

    /// Writes the draft's canonical body.
    ///
    /// - Parameter body: the encoder; what it held before is forgotten.
    package func encodeBody(into body: inout CanonicalBody) {
        body.begin()
        bytes.withUnsafeBufferPointer { bytes in
            for field in CustomerField.allCases {
                guard let range = self[field] else { continue }
                body.member(field.wireName, value: UnsafeBufferPointer(rebasing: bytes[range]))
            }
        }
        if hasMetadata { body.metadata(pairs, in: bytes) }
        body.end()
    }
}

// MARK: - Comparing

extension RowDraft {
    /// Adds all that the row asks for to a hash: drafts have one canonical body if they have one
    /// hash.
    ///
    /// The keys must be distinct and in order.
    func hash(into hash: inout FastHash) {
        let text = bytes.span
        for field in CustomerField.allCases {
            if let range = self[field] {
                hash.combine(text.extracting(range))
            } else {
                hash.combine(0)
            }
        }
        hash.combine(hasMetadata ? pairs.count : -1)
        for pair in pairs {
            hash.combine(text.extracting(pair.key))
            hash.combine(text.extracting(pair.value))
        }
    }
}

extension Span<UInt8> {
    /// Whether this text comes before another one, byte by byte.
    fileprivate func precedes(_ other: Span<UInt8>) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return count < other.count
    }
}

// MARK: - Filling

extension RowDraft {
    /// Forgets the row and keeps the buffers.
    package mutating func reset() {
        // To empty an array takes as long as to copy a short row into it.
        if bytes.count > Self.gatheredBytes { bytes.removeAll(keepingCapacity: true) }
        starts = SIMD8()
        ends = SIMD8()
        if !pairs.isEmpty { pairs.removeAll(keepingCapacity: true) }
        hasMetadata = false
    }

    /// Rows gather in the buffer up to this size: it stays in a processor's first cache.
    private static let gatheredBytes = 16 << 10

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
        set(field, toAdopted: append(source.extracting(range)))
    }

    /// Adds a metadata pair; keys may repeat until `orderMetadata` looks for that.
    package mutating func addPair(key: some Collection<UInt8>, value: some Collection<UInt8>) {
        pairs.append((append(key), append(value)))
        hasMetadata = true
    }

    /// Adds a metadata pair, as above, without a copy of either text on the way.
    package mutating func addPair(key: borrowing Span<UInt8>, value: borrowing Span<UInt8>) {
        pairs.append((append(key), append(value)))
        hasMetadata = true
    }

    /// Takes over the text of several cells in one go, so that none needs a copy of its own.
    ///
    /// - Parameter text: UTF-8, and what stands between the cells.
    /// - Returns: where it starts in `bytes`.
    mutating func adopt(_ text: borrowing Span<UInt8>) -> Int { append(text).lowerBound }

    /// Sets a field to a part of the adopted text, which must not be empty.
    mutating func set(_ field: CustomerField, toAdopted range: Range<Int>) {
        starts[field.rawValue] = UInt32(range.lowerBound)
        ends[field.rawValue] = UInt32(range.upperBound)
    }

    /// Adds a metadata pair whose value is a part of the adopted text.
    mutating func addPair(key: borrowing Span<UInt8>, adopted value: Range<Int>) {
        pairs.append((append(key), value))
        hasMetadata = true
    }

    /// Says that the row has metadata, even if no pair follows.
    package mutating func beginMetadata() { hasMetadata = true }

    /// Puts the pairs in order.
    ///
    /// - Parameter first: the index of the first pair that takes part.
    /// - Returns: the keys that occur more than once, each once, if any.
    package mutating func orderMetadata(from first: Int = 0) -> [String] {
        guard pairs.count - first > 1, !isInOrder(from: first) else { return [] }
        bytes.withUnsafeBufferPointer { text in
            // In place: to sort a slice of the array would copy it.
            pairs.withUnsafeMutableBufferPointer { pairs in
                pairs[first...].sort { text[$0.key].lexicographicallyPrecedes(text[$1.key]) }
            }
        }
        return isInOrder(from: first) ? [] : repeatedKeys(from: first)
    }

    private func repeatedKeys(from first: Int) -> [String] {
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

    /// Whether each key comes before the next one, as it does where columns stand in order.
    private func isInOrder(from first: Int) -> Bool {
        let text = bytes.span
        for index in (first + 1)..<pairs.count {
            let left = text.extracting(pairs[index - 1].key)
            guard left.precedes(text.extracting(pairs[index].key)) else { return false }
        }
        return true
    }

    private mutating func append(_ value: borrowing Span<UInt8>) -> Range<Int> {
        let start = bytes.count
        value.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        return start..<bytes.count
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
