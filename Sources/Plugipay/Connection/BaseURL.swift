/// Where the API is: scheme, host, port and the path of its root.
///
/// `/api/v1` is added unless the path already ends in `/v1`; to a host that begins with `api.`,
/// `/v1` is added. Only `https` is taken, and `http` to this machine itself, so that a secret
/// never crosses a network in the clear.
public struct BaseURL: Sendable, Hashable {
    /// `https` or `http`.
    public let scheme: String
    /// The host, lower case; an IPv6 address without its brackets.
    public let host: String
    /// The port, 443 or 80 where none was given.
    public let port: Int
    /// The root of the API: a path that begins with a slash and does not end in one.
    public let root: String

    /// The address of the service, `https://plugipay.com`.
    public static let service = BaseURL(
        scheme: "https",
        host: "plugipay.com",
        port: 443,
        root: "/api/v1"
    )

    /// The address that `text` tells.
    ///
    /// - Throws: `invalid_request` that says what is wrong with it.
    public init(_ text: String) throws(PlugipayError) {
        var parser = try BaseURLParser(text)
        scheme = try parser.scheme()
        (host, port) = try parser.hostAndPort(scheme: scheme)
        root = try parser.root(host: host)
        guard scheme == "https" || Self.isLoopback(host) else {
            throw BaseURLParser.failure(
                "sends everything in the clear; plain http is only for this machine "
                    + "(127.0.0.1, ::1, localhost). Use https"
            )
        }
    }

    init(scheme: String, host: String, port: Int, root: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.root = root
    }

    /// Host and port, as they name a target to people: `plugipay.com:443`, `[::1]:8080`.
    public var hostAndPort: String { "\(bracketedHost):\(port)" }

    /// Scheme, host and port, the port only where it is not the usual one.
    public var origin: String {
        let isUsual = port == Self.usualPort(of: scheme)
        return "\(scheme)://\(isUsual ? bracketedHost : hostAndPort)"
    }

    /// Whether the host is this machine: 127.0.0.0/8, ::1 or `localhost`.
    public var isLoopback: Bool { Self.isLoopback(host) }

    static func usualPort(of scheme: String) -> Int { scheme == "https" ? 443 : 80 }

    private var bracketedHost: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        // Four plain numbers: `127.example.com` is somebody else's machine.
        let isAddress =
            parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && UInt8(part).map { String($0) == part } ?? false
            }
        return isAddress && parts[0] == "127"
    }
}

extension BaseURL: CustomStringConvertible {
    /// The whole address.
    public var description: String { origin + root }
}
