/// Where a running sandbox listens.
public struct SandboxAddress: Sendable, Hashable {
    /// The host it was told to listen on.
    public let host: String
    /// The port, the real one also when a free one was asked for.
    public let port: Int

    /// What a client takes as its base URL, without a path: `http://127.0.0.1:4010`.
    public var baseURL: String {
        host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }
}
