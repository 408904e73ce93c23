import GRDB
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A local server that speaks the customer part of the Plugipay API, on a SQLite book.
///
/// ```swift
/// let sandbox = Sandbox(configuration: SandboxConfiguration(port: 0), logger: logger)
/// try await sandbox.run { address in print(address.baseURL) }
/// ```
///
/// It is written from the wire contract alone and shares no code with the client, so that neither
/// can inherit the other's misreading.
///
/// * **Limits.** A bucket holds one second's worth of tokens and starts full: a client paced at the
///   limit meets no 429, a burst of more than about a second's worth does. `X-RateLimit-Limit` is
///   a second's worth, `X-RateLimit-Reset` the epoch second at which the bucket is full again. An
///   unlimited sandbox sends no such headers, nor does an answer to an unknown key.
/// * **Faults.** See ``FaultKind``. They strike outside of credentials and limits, as a network
///   does, so a request that is cut or failed before the work costs no token.
/// * **Replays.** The stored bytes of the first answer, `meta` included, with no marker.
/// * **Oracle.** `GET /sandbox/creates` and `GET /sandbox/requests`, from this machine only.
public struct Sandbox: Sendable {
    private let configuration: SandboxConfiguration
    private let logger: Logger

    /// Creates a sandbox; nothing is opened before ``run(onReady:)``.
    public init(configuration: SandboxConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until its task is cancelled, then closes at once: what is not committed by then is
    /// refused, and connections are cut.
    ///
    /// - Parameter onReady: Called once, as soon as connections are accepted. It may run as long
    ///   as it likes: the sandbox serves meanwhile, and cancels it at its own end.
    /// - Throws: ``SandboxError`` if the configuration, the database or the address is no good.
    public func run(
        onReady: @escaping @Sendable (SandboxAddress) async -> Void = { _ in }
    ) async throws {
        try configuration.check()
        let store = try CustomerStore(configuration: configuration)
        let (addresses, ready) = AsyncStream.makeStream(of: SandboxAddress.self)
        let server = SandboxServer(
            configuration: configuration,
            responder: SandboxRouter.build(configuration, store: store).buildResponder(),
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.writer.run() }
            group.addTask {
                for await address in addresses { await onReady(address) }
            }
            group.addTask { try await server.run(onReady: ready) }
            defer { group.cancelAll() }
            // The first two end only when they are cancelled: the first end is the server's.
            do { try await group.next() } catch is CancellationError {}
        }
        try store.close()
    }

    /// The log of creates of a database file, oldest first; the sandbox may be running on it.
    ///
    /// - Throws: ``SandboxError`` if there is no such file or it is not a sandbox's.
    public static func creates(inFile path: String) throws -> [SandboxCreate] {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: path, configuration: configuration).read { db in
                try CreateLog(db: db).lines(after: 0, limit: .max)
            }
        } catch {
            throw SandboxError(
                .cannotOpen,
                "The log of creates in \(path) cannot be read; is it a sandbox's database?",
                cause: error
            )
        }
    }
}

extension SandboxConfiguration {
    fileprivate func check() throws(SandboxError) {
        for (kind, probability) in faults where !(0...1 ~= probability) {
            throw SandboxError(
                .invalidConfiguration,
                "The probability of \(kind.rawValue) is \(probability); it must be from 0 to 1."
            )
        }
        for rate in [writeRate, readRate] where !(rate >= 0 && rate.isFinite) {
            throw SandboxError(
                .invalidConfiguration,
                "A rate is \(rate); it must be requests a second, 0 for no limit."
            )
        }
        guard 0...65_535 ~= port else {
            throw SandboxError(
                .invalidConfiguration,
                "The port is \(port); it must be from 0 to 65535, 0 for a free one."
            )
        }
    }
}
