import ArgumentParser
import Plugipay

/// Where the API is, and who asks.
struct ConnectionOptions: ParsableArguments {
    /// The book of a sandbox inside this process, unless another one is named.
    static let defaultSandboxDatabase = "plugipay-sandbox.sqlite"

    @Option(
        name: .customLong("base-url"),
        help: ArgumentHelp(
            "Where the API is (default: PLUGIPAY_BASE_URL, else https://plugipay.com).",
            valueName: "url"
        )
    )
    var baseURL: String?

    @Option(
        help: ArgumentHelp(
            "The merchant that a platform key acts for (default: PLUGIPAY_ON_BEHALF_OF).",
            valueName: "account"
        )
    )
    var onBehalfOf: String?

    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "Read the PLUGIPAY_ variables from a file that only its owner can read (mode 0600).",
            valueName: "file"
        ),
        completion: .file()
    )
    var environmentFile: String?

    @Flag(
        name: .customLong("sandbox"),
        help: "Use a sandbox inside this process; needs no credentials."
    )
    var usesSandbox = false

    @Option(
        help: ArgumentHelp(
            "The sandbox's book (default: \(defaultSandboxDatabase)).",
            valueName: "file"
        ),
        completion: .file()
    )
    var sandboxDatabase: String?

    @Option(
        help: ArgumentHelp(
            "The longest wait for one answer (default: 30s).",
            valueName: "duration"
        ),
        transform: FlagValue.duration
    )
    var timeout: Duration?

    func validate() throws {
        guard timeout != .zero else { throw ValidationError("--timeout must be longer than 0.") }
        if usesSandbox {
            guard baseURL == nil, environmentFile == nil else {
                throw ValidationError(
                    "--sandbox goes to a sandbox inside this process: "
                        + "leave out --base-url and --env-file."
                )
            }
        } else if sandboxDatabase != nil {
            throw ValidationError("--sandbox-database goes with --sandbox.")
        }
    }

    /// The path of the sandbox's book.
    var sandboxPath: String { sandboxDatabase ?? Self.defaultSandboxDatabase }
}
