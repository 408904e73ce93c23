/// The one encoder of request bodies: the same bytes for the same customer, from any process.
///
/// Idempotency keys are derived from these bytes, so the form is fixed: members in the order of
/// ``memberNames`` and absent ones left out; no blanks; only `"`, `\` and U+0000 to U+001F
/// escaped (short forms, else lower-case `\u00xx`), everything else raw UTF-8; metadata names
/// that are array indexes first, in numeric order, then the others by their UTF-8 bytes. A server
/// that parses and serialises such a body again sees the same bytes. Foundation's encoder cannot
/// be used: its member order changes from run to run.
///
/// Values come in as UTF-8 and are taken as they are: nothing is trimmed, folded or normalised.
///
/// ```swift
/// var body = CanonicalBody()
/// body.begin()
/// body.member("email", value: bytes.span.extracting(range))
/// body.end()
/// send(body.bytes)
/// ```
package struct CanonicalBody: Sendable {
    /// The members of a customer, in the order in which they are written.
    package static let memberNames: [StaticString] = [
        "externalId", "email", "name", "phone", "taxId", "defaultPaymentTokenId", "metadata",
    ]

    /// What has been written so far; a complete body after ``end()``.
    package private(set) var bytes: [UInt8] = []

    private var isEmpty = true

    /// An encoder with an empty buffer, which grows with use and is kept by ``reset()``.
    package init() {}

    /// Forgets what was written and keeps the buffer for the next body.
    package mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        isEmpty = true
    }

    /// Starts a body: forgets what was written before.
    package mutating func begin() {
        reset()
        bytes.append(UInt8(ascii: "{"))
    }

    /// Writes a text member.
    ///
    /// Members must come in the order of ``memberNames``.
    package mutating func member(_ name: StaticString, value: Span<UInt8>) {
        memberName(name)
        value.withUnsafeBufferPointer { bytes.appendJSONString($0) }
    }

    /// Writes a text member from bytes that are already at hand as a buffer.
    package mutating func member(_ name: StaticString, value: UnsafeBufferPointer<UInt8>) {
        memberName(name)
        bytes.appendJSONString(value)
    }

    /// Writes a text member.
    ///
    /// Members must come in the order of ``memberNames``.
    package mutating func member(_ name: StaticString, value: String) {
        memberName(name)
        var value = value
        value.withUTF8 { bytes.appendJSONString($0) }
    }

    /// Writes a member that is JSON already: a number, `null`.
    package mutating func member(_ name: StaticString, literal: StaticString) {
        memberName(name)
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes the `metadata` member: `pairs` are ranges of `text`, in any order, names distinct.
    package mutating func metadata(
        _ pairs: [(key: Range<Int>, value: Range<Int>)],
        in text: [UInt8]
    ) {
        memberName("metadata")
        bytes.append(UInt8(ascii: "{"))
        text.withUnsafeBufferPointer { text in
            var isFirst = true
            for pair in MetadataOrder.sorted(pairs, in: text) {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                bytes.appendJSONString(UnsafeBufferPointer(rebasing: text[pair.key]))
                bytes.append(UInt8(ascii: ":"))
                bytes.appendJSONString(UnsafeBufferPointer(rebasing: text[pair.value]))
            }
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Writes the `metadata` member from a dictionary.
    package mutating func metadata(_ pairs: [String: String]) {
        var text: [UInt8] = []
        var ranges: [(key: Range<Int>, value: Range<Int>)] = []
        for (key, value) in pairs {
            let start = text.count
            text.append(contentsOf: key.utf8)
            let middle = text.count
            text.append(contentsOf: value.utf8)
            ranges.append((start..<middle, middle..<text.count))
        }
        metadata(ranges, in: text)
    }

    /// Ends the body: ``bytes`` is what goes over the wire.
    package mutating func end() {
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func memberName(_ name: StaticString) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}
