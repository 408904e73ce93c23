/// Takes the text of a base URL apart.
///
/// Written out, because a general URL type repairs and resolves things that must be refused here.
struct BaseURLParser {
    private var rest: Substring

    init(_ text: String) throws(PlugipayError) {
        let text = text.trimmingBlanks
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else {
            throw Self.failure("holds a blank, a backslash or a character outside ASCII")
        }
        guard !text.contains("?"), !text.contains("#") else {
            throw Self.failure("has a query or a fragment; take off what follows ? or #")
        }
        rest = text
    }

    mutating func scheme() throws(PlugipayError) -> String {
        for scheme in ["https", "http"] where rest.lowercased().hasPrefix(scheme + "://") {
            rest = rest.dropFirst(scheme.count + 3)
            return scheme
        }
        throw Self.failure("does not begin with https://")
    }

    mutating func hostAndPort(scheme: String) throws(PlugipayError) -> (host: String, port: Int) {
        let authority = rest.prefix { $0 != "/" }
        rest = rest.dropFirst(authority.count)
        guard !authority.contains("@") else {
            throw Self.failure("holds a user name or password; credentials go elsewhere")
        }
        let (host, portText) = try Self.split(authority)
        guard let portText else { return (host, BaseURL.usualPort(of: scheme)) }
        guard portText.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
            let port = Int(portText), (1...65_535).contains(port)
        else { throw Self.failure("has a port that is not a number from 1 to 65535") }
        return (host, port)
    }

    mutating func root(host: String) throws(PlugipayError) -> String {
        while rest.hasSuffix("/") { rest.removeLast() }
        let path = String(rest)
        guard path.isEmpty || PercentEncoding.isSendable(path: path) else {
            throw Self.failure("has a path with an empty, dotted or badly encoded part")
        }
        if path.hasSuffix("/v1") { return path }
        return path + (host.hasPrefix("api.") ? "/v1" : "/api/v1")
    }

    static func failure(_ problem: String) -> PlugipayError {
        // The text itself may hold a password, so it is not repeated.
        .unsent(.invalidRequest, "The base URL \(problem). Expected: https://plugipay.com")
    }

    private static func split(
        _ authority: Substring
    ) throws(PlugipayError) -> (host: String, port: Substring?) {
        if authority.hasPrefix("[") {
            return try splitAddress(authority.dropFirst())
        }
        let parts = authority.split(
            separator: ":",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let host = parts[0].lowercased()
        guard !host.isEmpty, !host.hasPrefix("."), host.utf8.allSatisfy(isHostByte) else {
            throw failure("has no host, or one with characters that no host name has")
        }
        return (host, parts.count > 1 ? parts[1] : nil)
    }

    /// An IPv6 address behind its opening bracket.
    private static func splitAddress(
        _ text: Substring
    ) throws(PlugipayError) -> (host: String, port: Substring?) {
        let host = text.prefix { $0 != "]" }.lowercased()
        let tail = text.dropFirst(host.count + 1)
        guard text.dropFirst(host.count).first == "]", host.contains(":"),
            host.utf8.allSatisfy({
                $0.hexValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            }),
            tail.isEmpty || tail.hasPrefix(":")
        else { throw failure("has an IPv6 address that cannot be read") }
        return (host, tail.isEmpty ? nil : tail.dropFirst())
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: Substring {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
