#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The variables that say where the API is and who asks: the environment's, then the env file's.
struct Settings: Sendable, Hashable {
    /// The names of the variables.
    enum Name {
        static let keyID = "PLUGIPAY_KEY_ID"
        static let secret = "PLUGIPAY_SECRET"
        static let keySecret = "PLUGIPAY_KEY_SECRET"
        static let apiKey = "PLUGIPAY_API_KEY"
        static let baseURL = "PLUGIPAY_BASE_URL"
        static let onBehalfOf = "PLUGIPAY_ON_BEHALF_OF"

        static let all = [keyID, secret, keySecret, apiKey, baseURL, onBehalfOf]
    }

    /// The variables that are set and not empty.
    private(set) var values: [String: String]

    /// Lets a file fill what the environment leaves open.
    ///
    /// Credentials are one setting, not four: a key id of the one place never meets the secret of
    /// another key from the other place, and neither does an API key lose to an older pair.
    ///
    /// - Parameters:
    ///   - environment: Wins wherever it says something.
    ///   - file: The env file's variables.
    init(environment: [String: String], file: [String: String] = [:]) {
        let environment = Self.known(environment)
        var file = Self.known(file)
        if let keyID = environment[Name.keyID] {
            file[Name.apiKey] = nil
            if let other = file[Name.keyID], other != keyID { Self.dropSecrets(from: &file) }
        } else if environment[Name.apiKey] != nil {
            file[Name.keyID] = nil
            Self.dropSecrets(from: &file)
        }
        if environment[Name.secret] != nil || environment[Name.keySecret] != nil {
            Self.dropSecrets(from: &file)
        }
        values = file.merging(environment) { $1 }
    }

    subscript(name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    private static func known(_ values: [String: String]) -> [String: String] {
        values.filter { Name.all.contains($0.key) && !$0.value.isEmpty }
    }

    private static func dropSecrets(from values: inout [String: String]) {
        values[Name.secret] = nil
        values[Name.keySecret] = nil
    }

    /// What the environment of this process says.
    static func ofProcess() -> [String: String] {
        var values: [String: String] = [:]
        for name in Name.all {
            if let value = getenv(name) { values[name] = String(cString: value) }
        }
        return values
    }
}
