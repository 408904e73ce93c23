/// Everything a sandbox can be told before it starts.
///
/// The defaults are those of the `sandbox` command: the documented limits of the real service
/// (20 writes and 100 reads a second), no latency, no faults.
public struct SandboxConfiguration: Sendable {
    /// Where the book of customers lives.
    public enum Storage: Sendable, Hashable {
        /// A SQLite database at this path, created with mode 0600. A symbolic link is refused.
        case file(String)
        /// A database that ends with the sandbox.
        case memory
    }

    /// The address to listen on.
    ///
    /// The keys are public: another address than loopback opens the book to the network.
    public var host: String
    /// The port to listen on; 0 takes a free one.
    public var port: Int
    /// Where the book lives.
    public var storage: Storage
    /// Writes a second for each workspace and mode; 0 is unlimited.
    public var writeRate: Double
    /// Reads a second for each workspace and mode; 0 is unlimited.
    public var readRate: Double
    /// Added to every answer, half before the work and half after it.
    public var latency: Duration
    /// How likely each fault is, from 0 to 1; kinds are drawn independently of each other.
    public var faults: [FaultKind: Double]
    /// Where the generators of faults and ids begin: equal seeds, equal faults.
    public var seed: UInt64
    /// How long an idempotency key is remembered.
    public var idempotencyTTL: Duration
    /// Which generation of the service to behave like.
    public var profile: SandboxProfile
    /// The time of the server, and how it waits.
    public var clock: SandboxClock

    /// Creates a configuration; every value has the default of the `sandbox` command.
    public init(
        host: String = "127.0.0.1",
        port: Int = 4010,
        storage: Storage = .memory,
        writeRate: Double = 20,
        readRate: Double = 100,
        latency: Duration = .zero,
        faults: [FaultKind: Double] = [:],
        seed: UInt64 = 0,
        idempotencyTTL: Duration = .seconds(24 * 60 * 60),
        profile: SandboxProfile = .current,
        clock: SandboxClock = .system
    ) {
        self.host = host
        self.port = port
        self.storage = storage
        self.writeRate = writeRate
        self.readRate = readRate
        self.latency = latency
        self.faults = faults
        self.seed = seed
        self.idempotencyTTL = idempotencyTTL
        self.profile = profile
        self.clock = clock
    }
}
