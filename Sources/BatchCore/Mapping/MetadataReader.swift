internal import RowIO

/// Reads the cell of a `metadata` column: a JSON object whose values are texts.
///
/// Numbers and booleans become their literal text, a null is no pair. The scanner's buffers stay
/// from cell to cell.
struct MetadataReader: Sendable {
    private var scanner = JSONScanner()

    /// Adds a cell's pairs to a draft, and what is wrong with it to the issues.
    mutating func read(
        _ range: Range<Int>,
        of bytes: [UInt8],
        into draft: inout RowDraft,
        _ issues: inout [FieldIssue]
    ) {
        if bytes.span.trimmingBlanks(range).isEmpty { return }
        let first = draft.pairCount
        do throws(JSONProblem) {
            let value = try scanner.scan(bytes, in: range)
            add(value, of: bytes, to: &draft, &issues)
        } catch {
            let place = error.index - range.lowerBound + 1
            issues.add(.invalidMetadata("byte \(place) of the cell: \(error.message)"))
        }
        for key in draft.orderMetadata(from: first) { issues.add(.repeatedPair(key)) }
    }

    private func add(
        _ object: JSONValue,
        of bytes: [UInt8],
        to draft: inout RowDraft,
        _ issues: inout [FieldIssue]
    ) {
        guard object.kind == .object else {
            return issues.add(.invalidMetadata("found \(object.kind.words)"))
        }
        if scanner.escapedNUL != nil { issues.add(.invalidMetadata("found a NUL in a text")) }
        let members = scanner.members(of: object)
        if members.isEmpty { draft.beginMetadata() }
        for member in members {
            switch member.value.kind {
            case .null: continue
            case .string, .number, .boolean: addPair(member, of: bytes, to: &draft)
            case .object, .array:
                let key = scanner.text(of: member.name, in: bytes)
                issues.add(.invalidValue(ofPair: key, found: member.value.kind.words))
            }
        }
    }

    private func addPair(
        _ member: JSONScanner.Member,
        of bytes: [UInt8],
        to draft: inout RowDraft
    ) {
        if member.name.hasEscapes || member.value.hasEscapes {
            draft.addPair(
                key: scanner.text(of: member.name, in: bytes),
                value: scanner.text(of: member.value, in: bytes)
            )
        } else {
            draft.addPair(key: bytes[member.name.content], value: bytes[member.value.content])
        }
    }
}

extension JSONValue.Kind {
    fileprivate var words: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a text"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}
