/// A credential that the sandbox knows.
///
/// The table is fixed and public: these keys open nothing but a sandbox.
public struct SandboxKey: Sendable, Hashable {
    /// Which book of a workspace a key opens; the two never mix.
    public enum Mode: String, Sendable, Hashable {
        /// The book for trying things out.
        case test
        /// The book of real customers, as far as a sandbox has any.
        case live
    }

    /// What a key may do with customers.
    public struct Scopes: OptionSet, Sendable, Hashable {
        /// The bits, one a scope.
        public let rawValue: Int

        /// Creates a set from its bits.
        public init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// The scope `plugipay:customer:create`.
        public static let create = Scopes(rawValue: 1 << 0)
        /// The scope `plugipay:customer:read`.
        public static let read = Scopes(rawValue: 1 << 1)
        /// The scope `plugipay:customer:update`.
        public static let update = Scopes(rawValue: 1 << 2)
        /// The scope `plugipay:customer:delete`; its real name is unknown (contract, section 20).
        public static let delete = Scopes(rawValue: 1 << 3)
        /// Every scope.
        public static let all: Scopes = [.create, .read, .update, .delete]

        /// The name of a single scope, as a refusal tells it.
        var wireName: String {
            switch self {
            case .create: "plugipay:customer:create"
            case .read: "plugipay:customer:read"
            case .update: "plugipay:customer:update"
            default: "plugipay:customer:delete"
            }
        }
    }

    /// The key id of signed requests, or the whole bearer key.
    public let id: String
    /// The secret that signs; a bearer key has none.
    public let secret: String?
    /// The workspace (`acc_...`) that the key acts in.
    public let workspace: String
    /// The book that the key opens.
    public let mode: Mode
    /// What the key may do.
    public let scopes: Scopes
    /// Whether the key may act for any workspace through `X-Plugipay-On-Behalf-Of`.
    public let isPlatform: Bool

    init(
        _ id: String,
        secret: String?,
        workspace: String = "acc_sandbox",
        mode: Mode = .test,
        scopes: Scopes = .all,
        isPlatform: Bool = false
    ) {
        self.id = id
        self.secret = secret
        self.workspace = workspace
        self.mode = mode
        self.scopes = scopes
        self.isPlatform = isPlatform
    }

    /// The key that is printed: workspace `acc_sandbox`, test mode, every scope.
    public static let standard = SandboxKey("ak_test_sandbox", secret: "sk_test_sandbox")
    /// The same workspace in live mode.
    public static let live = SandboxKey("ak_live_sandbox", secret: "sk_live_sandbox", mode: .live)
    /// Another workspace, `acc_other`.
    public static let other = SandboxKey(
        "ak_test_other",
        secret: "sk_test_other",
        workspace: "acc_other"
    )
    /// `acc_sandbox`, read scope only.
    public static let readOnly = SandboxKey(
        "ak_test_readonly",
        secret: "sk_test_readonly",
        scopes: .read
    )
    /// `acc_sandbox`, create and update only.
    public static let writeOnly = SandboxKey(
        "ak_test_writeonly",
        secret: "sk_test_writeonly",
        scopes: [.create, .update]
    )
    /// A platform key; on its own it acts in `acc_platform`.
    public static let platform = SandboxKey(
        "ak_test_platform",
        secret: "sk_test_platform",
        workspace: "acc_platform",
        isPlatform: true
    )
    /// A bearer key for `acc_sandbox`.
    public static let bearer = SandboxKey("pk_test_sandbox", secret: nil)

    /// Every key that the sandbox knows.
    public static let all: [SandboxKey] = [
        standard, live, other, readOnly, writeOnly, platform, bearer,
    ]
}
