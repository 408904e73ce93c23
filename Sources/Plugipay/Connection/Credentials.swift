/// What proves to the server who is asking.
public enum Credentials: Sendable {
    /// A key id and its secret: every request is signed, and void 300 s after its signature.
    case signed(keyID: String, secret: String)
    /// A single API key, sent as it is with every request.
    case bearer(String)
}

extension Credentials {
    /// The data set that a key opens, as far as its text tells.
    public enum Mode: String, Sendable {
        /// Real customers: the key says `_live_`.
        case live
        /// Test data: the key says `_test_`.
        case test
        /// The key does not say.
        case unknown = ""
    }

    /// The mode, guessed from the key id or bearer key: a hint, never a proof.
    public var mode: Mode {
        let key =
            switch self {
            case .signed(let keyID, _): keyID
            case .bearer(let apiKey): apiKey
            }
        if key.contains("_live_") { return .live }
        return key.contains("_test_") ? .test : .unknown
    }

    /// Refuses what cannot be sent in a header.
    ///
    /// - Throws: `missing_key_id` or `missing_secret` for empty parts, `invalid_request` for
    ///   characters that a header or the server's reading of it cannot take.
    func validate() throws(PlugipayError) {
        switch self {
        case .signed(let keyID, let secret):
            guard !keyID.isEmpty else { throw .missingKeyID }
            guard !secret.isEmpty else { throw .missingSecret }
            guard HeaderText.isSendable(keyID), !keyID.utf8.contains(where: Self.separates) else {
                throw .unsent(
                    .invalidRequest,
                    "The key id holds a comma, an equals sign, a blank or a control character; "
                        + "no key has one. Copy it again from the dashboard."
                )
            }
        case .bearer(let apiKey):
            guard !apiKey.isEmpty else { throw .missingKeyID }
            guard HeaderText.isSendable(apiKey), !apiKey.utf8.contains(UInt8(ascii: " ")) else {
                throw .unsent(
                    .invalidRequest,
                    "The API key holds a blank or a control character; no key has one. "
                        + "Copy it again from the dashboard."
                )
            }
        }
    }

    /// The server splits the header at these.
    private static func separates(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: " ")
    }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind and the mode; never a key or a secret.
    public var description: String {
        let kind =
            switch self {
            case .signed: "signed"
            case .bearer: "bearer"
            }
        return mode == .unknown ? "\(kind) (redacted)" : "\(kind), \(mode.rawValue) (redacted)"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Nothing: `dump` must not show a secret either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension PlugipayError {
    static var missingKeyID: Self {
        .unsent(
            .missingKeyID,
            "There are no credentials. Set PLUGIPAY_KEY_ID and PLUGIPAY_SECRET, "
                + "or PLUGIPAY_API_KEY."
        )
    }

    static var missingSecret: Self {
        .unsent(
            .missingSecret,
            "There is a key id without its secret. Set PLUGIPAY_SECRET (or PLUGIPAY_KEY_SECRET)."
        )
    }
}
