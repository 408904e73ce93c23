extension Configuration {
    /// The settings that the environment tells.
    ///
    /// | variable | meaning |
    /// | --- | --- |
    /// | `PLUGIPAY_KEY_ID` and `PLUGIPAY_SECRET` (or `PLUGIPAY_KEY_SECRET`) | signed requests |
    /// | `PLUGIPAY_API_KEY` | a bearer key; with a `:` inside, `id:secret` for signing |
    /// | `PLUGIPAY_BASE_URL` | where the API is; default `https://plugipay.com` |
    /// | `PLUGIPAY_ON_BEHALF_OF` | the merchant for whom a platform key acts |
    ///
    /// A variable that is set and empty counts as not set. Where both are set, the pair wins.
    ///
    /// - Throws: `missing_key_id` or `missing_secret`, saying what to set; `invalid_request` for
    ///   a value that cannot be used.
    public static func fromEnvironment(
        _ environment: [String: String]
    ) throws(PlugipayError) -> Configuration {
        let values = environment.filter { !$0.value.isEmpty }
        var baseURL = BaseURL.service
        if let text = values["PLUGIPAY_BASE_URL"] { baseURL = try BaseURL(text) }
        let configuration = Configuration(
            credentials: try credentials(values),
            baseURL: baseURL,
            onBehalfOf: values["PLUGIPAY_ON_BEHALF_OF"]
        )
        try configuration.validate()
        return configuration
    }

    private static func credentials(
        _ values: [String: String]
    ) throws(PlugipayError) -> Credentials {
        if let keyID = values["PLUGIPAY_KEY_ID"] {
            guard let secret = values["PLUGIPAY_SECRET"] ?? values["PLUGIPAY_KEY_SECRET"] else {
                throw .missingSecret
            }
            return .signed(keyID: keyID, secret: secret)
        }
        guard let apiKey = values["PLUGIPAY_API_KEY"] else { throw .missingKeyID }
        guard let colon = apiKey.firstIndex(of: ":") else { return .bearer(apiKey) }
        return .signed(
            keyID: String(apiKey[..<colon]),
            secret: String(apiKey[apiKey.index(after: colon)...])
        )
    }
}
