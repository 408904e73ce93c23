import BatchCore
import Plugipay
import PlugipaySandbox
import SystemPackage

/// Where a run sends its requests, and what its job is bound to.
struct Connection: Sendable {
    /// The client's settings.
    var configuration: Configuration
    /// What the job is bound to.
    var target: JobTarget

    /// The server that flags, environment and env file name.
    ///
    /// - Parameters:
    ///   - options: The flags.
    ///   - environment: The variables of the process.
    ///   - allowsLive: Whether a live key may be used: `--live`, or nothing will be changed.
    /// - Returns: The server and the target that it is.
    /// - Throws: `BatchError` for settings that cannot be followed, and for a live key without
    ///   `--live`.
    static func server(
        _ options: ConnectionOptions,
        environment: [String: String],
        allowsLive: Bool
    ) throws(BatchError) -> Connection {
        let file = try options.environmentFile.map(EnvironmentFile.init(path:))?.values ?? [:]
        var settings = Settings(environment: environment, file: file)
        if let baseURL = options.baseURL { settings[Settings.Name.baseURL] = baseURL }
        if let account = options.onBehalfOf { settings[Settings.Name.onBehalfOf] = account }
        let configuration: Configuration
        do {
            configuration = try .fromEnvironment(settings.values)
        } catch {
            throw BatchError(.configuration, message(for: error), cause: error)
        }
        let mode = configuration.credentials.mode
        guard mode != .live || allowsLive else {
            throw BatchError(
                .configuration,
                "the key says _live_: this would create real customers at "
                    + "\(configuration.baseURL.hostAndPort). Add --live if that is what you want; "
                    + "nothing was sent"
            )
        }
        let place = JobTarget.Place.server(
            authority: configuration.baseURL.hostAndPort,
            baseURL: configuration.baseURL.description
        )
        let account = configuration.onBehalfOf
        return Connection(
            configuration: configuration,
            target: JobTarget(place: place, mode: mode.rawValue, onBehalfOf: account)
        )
    }

    /// A sandbox inside this process, with the key that it prints; with the platform key when it
    /// acts for a merchant.
    ///
    /// What the environment says about another server does not count.
    ///
    /// - Parameters:
    ///   - address: Where the sandbox listens.
    ///   - database: Its book.
    ///   - account: The merchant to act for.
    /// - Returns: The sandbox and the target that it is.
    /// - Throws: `BatchError` when the address or the book cannot be used.
    static func sandbox(
        at address: SandboxAddress,
        database: String,
        onBehalfOf account: String?
    ) throws(BatchError) -> Connection {
        let key = account == nil ? SandboxKey.standard : SandboxKey.platform
        do {
            let configuration = Configuration(
                credentials: .signed(keyID: key.id, secret: key.secret ?? ""),
                baseURL: try BaseURL(address.baseURL),
                onBehalfOf: account
            )
            try configuration.validate()
            let place = JobTarget.Place.sandbox(database: try absolute(database))
            return Connection(
                configuration: configuration,
                target: JobTarget(place: place, mode: key.mode.rawValue, onBehalfOf: account)
            )
        } catch let error as PlugipayError {
            throw BatchError(.configuration, error.message, cause: error)
        } catch let error as BatchError {
            throw error
        } catch {
            throw BatchError(.internalFault, "the sandbox cannot be reached: \(error)")
        }
    }

    /// Runs something with a client of the server.
    ///
    /// - Parameters:
    ///   - options: The flags.
    ///   - connections: The most connections at a time; `nil` for the usual number.
    ///   - body: The work.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    func withClient<Value>(
        _ options: ConnectionOptions,
        connections: Int? = nil,
        _ body: (PlugipayClient) async throws(BatchError) -> Value
    ) async throws(BatchError) -> Value {
        var configuration = configuration
        configuration.userAgent = "plugipay-batch/\(PlugipayBatch.version)"
        if let connections { configuration.connectionLimit = connections }
        if let timeout = options.timeout { configuration.timeout = timeout }
        let client = PlugipayClient(configuration: configuration)
        let result: Result<Value, BatchError>
        do { result = .success(try await body(client)) } catch { result = .failure(error) }
        // Every answer has been dealt with: a connection that does not close well is no news.
        try? await client.shutdown()
        return try result.get()
    }

    private static func message(for error: PlugipayError) -> String {
        let isMissing = error.code == .missingKeyID || error.code == .missingSecret
        return isMissing
            ? error.message + " They can stand in a file named with --env-file. "
                + "To try things out, --sandbox needs none."
            : error.message
    }
}
