import Testing

@testable import Plugipay

@Suite struct ConfigurationTests {
    @Test(
        "a base URL gets the root of the API, and nothing else is changed",
        arguments: [
            ("https://plugipay.com", "https://plugipay.com/api/v1", "plugipay.com:443"),
            (" HTTPS://Plugipay.com/ ", "https://plugipay.com/api/v1", "plugipay.com:443"),
            ("https://api.plugipay.com", "https://api.plugipay.com/v1", "api.plugipay.com:443"),
            ("https://api.plugipay.com/v1/", "https://api.plugipay.com/v1", "api.plugipay.com:443"),
            ("https://x.example/api/v1//", "https://x.example/api/v1", "x.example:443"),
            ("https://x.example/pay/v1", "https://x.example/pay/v1", "x.example:443"),
            ("https://x.example/pay%20it", "https://x.example/pay%20it/api/v1", "x.example:443"),
            ("https://x.example/notv1", "https://x.example/notv1/api/v1", "x.example:443"),
            ("https://x.example:8443", "https://x.example:8443/api/v1", "x.example:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v1", "127.0.0.1:8080"),
            ("http://127.9.8.7", "http://127.9.8.7/api/v1", "127.9.8.7:80"),
            ("http://localhost:80", "http://localhost/api/v1", "localhost:80"),
            ("http://[::1]:8080", "http://[::1]:8080/api/v1", "[::1]:8080"),
        ]
    )
    func baseURL(text: String, whole: String, target: String) throws {
        let url = try BaseURL(text)
        #expect(url.description == whole)
        #expect(url.hostAndPort == target)
    }

    @Test(
        "a base URL that would be unsafe or unclear is refused",
        arguments: [
            "", "plugipay.com", "ftp://plugipay.com", "http://plugipay.com",
            "http://127.0.0.1.evil.example",
            "http://127.evil.example", "http://0127.0.0.1", "http://127.1", "http://10.0.0.1",
            "http://localhost.evil.example", "http://[::2]", "https://user:pw@plugipay.com",
            "https://plugipay.com?x=1", "https://plugipay.com/#x", "https://plugipay.com:0",
            "https://plugipay.com:70000", "https://plugipay.com:8a", "https://", "https:///api",
            "https://plugipay.com/a/../b", "https://plugipay.com/a//b", "https://plugipay.com/%zz",
            "https://plug ipay.com", "https://plugipay.com\\@evil.example", "https://[::1",
            "https://plugipäy.com", "https://plugipay.com/\r\nX: y",
            "http://localhost@evil.example",
        ]
    )
    func refusedBaseURL(text: String) {
        let error = #expect(throws: PlugipayError.self) { try BaseURL(text) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.mayHaveReachedServer == false)
        #expect(error?.message.contains("pw") != true)
    }

    @Test("the environment gives signed requests, a bearer key, or says what to set")
    func environment() throws {
        #expect(try keyID(["PLUGIPAY_KEY_ID": "ak_1", "PLUGIPAY_SECRET": "s"]) == "ak_1:s")
        #expect(try keyID(["PLUGIPAY_KEY_ID": "ak_1", "PLUGIPAY_KEY_SECRET": "t"]) == "ak_1:t")
        #expect(
            try keyID([
                "PLUGIPAY_KEY_ID": "ak_1", "PLUGIPAY_SECRET": "s", "PLUGIPAY_KEY_SECRET": "t",
                "PLUGIPAY_API_KEY": "pk_1",
            ]) == "ak_1:s"
        )
        #expect(try keyID(["PLUGIPAY_API_KEY": "ak_1:s:t", "PLUGIPAY_KEY_ID": ""]) == "ak_1:s:t")
        #expect(try keyID(["PLUGIPAY_API_KEY": "pk_1"]) == "pk_1")
        let all = try Configuration.fromEnvironment([
            "PLUGIPAY_API_KEY": "pk_1", "PLUGIPAY_BASE_URL": "https://x.example",
            "PLUGIPAY_ON_BEHALF_OF": "acc_1",
        ])
        #expect(all.baseURL.host == "x.example")
        #expect(all.onBehalfOf == "acc_1")
    }

    @Test(
        "credentials that are missing or cannot be sent are refused",
        arguments: [
            ([:], "missing_key_id"),
            (["PLUGIPAY_SECRET": "s"], "missing_key_id"),
            (["PLUGIPAY_KEY_ID": "ak_1"], "missing_secret"),
            (["PLUGIPAY_KEY_ID": "ak_1", "PLUGIPAY_API_KEY": "pk_1"], "missing_secret"),
            (["PLUGIPAY_API_KEY": ":s"], "missing_key_id"),
            (["PLUGIPAY_API_KEY": "ak_1:"], "missing_secret"),
            (["PLUGIPAY_KEY_ID": "a,b", "PLUGIPAY_SECRET": "s"], "invalid_request"),
            (["PLUGIPAY_KEY_ID": "a=b", "PLUGIPAY_SECRET": "s"], "invalid_request"),
            (["PLUGIPAY_KEY_ID": "a\r\nX: y", "PLUGIPAY_SECRET": "s"], "invalid_request"),
            (["PLUGIPAY_API_KEY": "pk\n1"], "invalid_request"),
            (
                ["PLUGIPAY_API_KEY": "pk_1", "PLUGIPAY_ON_BEHALF_OF": "a\r\nX: y"],
                "invalid_request"
            ),
            (
                ["PLUGIPAY_API_KEY": "pk_1", "PLUGIPAY_BASE_URL": "http://x.example"],
                "invalid_request"
            ),
        ] as [([String: String], String)]
    )
    func refusedEnvironment(environment: [String: String], code: String) {
        let error = #expect(throws: PlugipayError.self) {
            try Configuration.fromEnvironment(environment)
        }
        #expect(error?.code.name == code)
        #expect(error?.mayHaveReachedServer == false)
    }

    @Test("credentials show their mode and never a key or a secret")
    func redaction() {
        let credentials = Credentials.signed(keyID: "ak_live_1234", secret: "sk_live_5678")
        var dumped = ""
        dump(Configuration(credentials: credentials), to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("1234") && !text.contains("5678"))
        }
        #expect(credentials.mode == .live)
        #expect(Credentials.bearer("pk_test_1").mode == .test)
        #expect(Credentials.bearer("AKIA1").mode.rawValue.isEmpty)
    }

    private func keyID(_ environment: [String: String]) throws -> String {
        switch try Configuration.fromEnvironment(environment).credentials {
        case .signed(let keyID, let secret): "\(keyID):\(secret)"
        case .bearer(let key): key
        }
    }
}
