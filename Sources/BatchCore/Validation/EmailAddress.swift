/// What is certainly no e-mail address.
///
/// Only what no server could take is refused, since the server has the last word: quoted local
/// parts, address literals in brackets, dots anywhere in a local part, and letters of any script
/// pass. Lengths count UTF-16 units, which for ASCII are the octets of RFC 5321.
enum EmailAddress {
    /// Why a text is no e-mail address.
    enum Fault: Sendable, Hashable, CustomStringConvertible {
        case tooLong(found: Int)
        case blank
        case controlCharacter
        case noAt
        case severalAts
        case emptyLocalPart
        case longLocalPart(found: Int)
        case emptyDomain
        case longDomain(found: Int)
        case noDot
        case emptyLabel
        case longLabel(found: Int)
        case hyphenAtEdge
        case badCharacter

        var description: String {
            switch self {
            case .tooLong(let found): "at most \(longest) characters, found \(found)"
            case .blank: "a blank outside quotes"
            case .controlCharacter: "a control character"
            case .noAt: "no @ outside quotes"
            case .severalAts: "more than one @ outside quotes"
            case .emptyLocalPart: "nothing before the @"
            case .longLocalPart(let found):
                "at most \(longestLocalPart) characters before the @, found \(found)"
            case .emptyDomain: "nothing after the @"
            case .longDomain(let found):
                "at most \(longestDomain) characters after the @, found \(found)"
            case .noDot: "no dot after the @"
            case .emptyLabel: "an empty part between the dots of the domain"
            case .longLabel(let found):
                "at most \(longestLabel) characters between the dots of the domain, found \(found)"
            case .hyphenAtEdge: "a part of the domain that begins or ends with a hyphen"
            case .badCharacter:
                "a character in the domain that is no letter, digit, hyphen or dot"
            }
        }
    }

    /// The whole address (contract, section 7).
    private static let longest = 320
    /// RFC 5321, section 4.5.3.1.1.
    private static let longestLocalPart = 64
    /// RFC 5321, section 4.5.3.1.2, less the dot of the root that is never written.
    private static let longestDomain = 253
    /// RFC 1035, section 2.3.4.
    private static let longestLabel = 63

    /// The first fault of an address, which is UTF-8 without blanks around it.
    static func fault(in address: Span<UInt8>) -> Fault? {
        var at = 0
        if let fault = scanLocalPart(of: address, upTo: &at) { return fault }
        if at == 0 { return .emptyLocalPart }
        let local = address.extracting(0..<at)
        if local.isLonger(than: longestLocalPart) {
            return .longLocalPart(found: local.utf16Length)
        }
        let domain = address.extracting((at + 1)..<address.count)
        if let fault = domainFault(domain) { return fault }
        return address.isLonger(than: longest) ? .tooLong(found: address.utf16Length) : nil
    }

    /// Goes to the `@` that ends the local part, over quoted text.
    private static func scanLocalPart(of address: Span<UInt8>, upTo at: inout Int) -> Fault? {
        var isQuoted = false
        while at < address.count {
            let byte = address[at]
            switch byte {
            case UInt8(ascii: "@"): if !isQuoted { return nil }
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\"):
                if isQuoted { at += 1 }
                if at < address.count, isControl(at, in: address) { return .controlCharacter }
            case 0x20: if !isQuoted { return .blank }
            case 0x09: return isQuoted ? .controlCharacter : .blank
            default: if isControl(at, in: address) { return .controlCharacter }
            }
            at += 1
        }
        return .noAt
    }

    private static func domainFault(_ domain: Span<UInt8>) -> Fault? {
        if domain.isEmpty { return .emptyDomain }
        if domain[0] == UInt8(ascii: "[") { return literalFault(domain) }
        var labelStart = 0
        for index in domain.indices {
            let byte = domain[index]
            if isLabelByte(byte) { continue }
            guard byte == UInt8(ascii: ".") else { return strayFault(at: index, in: domain) }
            if let fault = labelFault(domain.extracting(labelStart..<index)) { return fault }
            labelStart = index + 1
        }
        if let fault = labelFault(domain.extracting(labelStart..<domain.count)) { return fault }
        if labelStart == 0 { return .noDot }
        return domain.isLonger(than: longestDomain)
            ? .longDomain(found: domain.utf16Length) : controlFault(in: domain)
    }

    private static func labelFault(_ label: Span<UInt8>) -> Fault? {
        let hyphen = UInt8(ascii: "-")
        if label.isEmpty { return .emptyLabel }
        if label[0] == hyphen || label[label.count - 1] == hyphen { return .hyphenAtEdge }
        return label.isLonger(than: longestLabel) ? .longLabel(found: label.utf16Length) : nil
    }

    /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`: anything printable between the brackets.
    private static func literalFault(_ domain: Span<UInt8>) -> Fault? {
        let last = domain.count - 1
        guard last > 1, domain[last] == UInt8(ascii: "]") else { return .badCharacter }
        for index in 1..<last {
            switch domain[index] {
            case UInt8(ascii: "@"): return .severalAts
            case 0x21...0x5A, 0x5E...0x7E: continue
            default: return strayFault(at: index, in: domain)
            }
        }
        return nil
    }

    private static func strayFault(at index: Int, in domain: Span<UInt8>) -> Fault {
        switch domain[index] {
        case 0x20, 0x09: return .blank
        default: if isControl(index, in: domain) { return .controlCharacter }
        }
        // Of a list of addresses the second @ says more than the comma before it.
        let hasAt = domain.indices.contains { domain[$0] == UInt8(ascii: "@") }
        return hasAt ? .severalAts : .badCharacter
    }

    private static func controlFault(in domain: Span<UInt8>) -> Fault? {
        for index in domain.indices where domain[index] >= 0x80 && isControl(index, in: domain) {
            return .controlCharacter
        }
        return nil
    }

    /// Whether a control character starts here: U+0000 to U+001F, U+007F to U+009F.
    private static func isControl(_ index: Int, in text: Span<UInt8>) -> Bool {
        let byte = text[index]
        if byte == 0xC2 { return index + 1 < text.count && text[index + 1] < 0xA0 }
        return byte < 0x20 || byte == 0x7F
    }

    @inline(__always)
    private static func isLabelByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), 0x80...:
            true
        default: false
        }
    }
}
