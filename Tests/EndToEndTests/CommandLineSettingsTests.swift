import ArgumentParser
import BatchCore
import Plugipay
import Testing

@testable import plugipay_batch

@Suite("Where settings come from")
struct CommandLineSettingsTests {
    private typealias Name = Settings.Name

    private func variables(_ text: String) throws -> [String: String] {
        try EnvironmentFile(text: text, name: "test.env").values
    }

    @Test(
        "A line of an env file is read as a shell would read it",
        arguments: [
            ("A=b", "b"), ("export A=b", "b"), ("  export   A=b  ", "b"), ("A=", ""),
            ("A=b c", "b c"), ("A=b # c", "b"), ("A=b#c", "b#c"), ("A=# c", ""),
            ("A='b # c'", "b # c"), ("A='b' # c", "b"), (#"A="b\"c""#, #"b"c"#),
            (#"A="b\\c\n\$d\e""#, "b\\c\n$d\\e"), ("A=b=c", "b=c"), ("A=b\r", "b"),
            ("A=x\nA=y", "y"), ("# A=x\n\nA=y\n", "y"), ("A=$B", "$B"),
        ]
    )
    func line(_ text: String, _ value: String) throws {
        #expect(try variables(text) == ["A": value])
    }

    @Test(
        "An error names the line, and nothing that stands in it",
        arguments: [
            "sk_secret", "sk-secret=1", "=sk_secret", "A='sk_secret", "A=\"sk_secret",
            "A='x' sk_secret", "1A=sk_secret", "export sk_secret",
        ]
    )
    func badLine(_ line: String) {
        let error = #expect(throws: BatchError.self) { try variables("A=b\n\(line)") }
        #expect(error?.message.contains("test.env, line 2: ") == true)
        #expect(error?.message.contains("secret") == false)
        #expect(error?.code == .configuration)
    }

    @Test("A file with any permission for others, a link and a folder are refused")
    func permissions() throws {
        let folder = try CommandLineFolder()
        let path = try folder.write("keys", "PLUGIPAY_API_KEY=pk_test_x\n")
        for mode in [0o640, 0o604, 0o660, 0o610, 0o602, 0o644] {
            folder.setMode(mode, of: "keys")
            let error = #expect(throws: BatchError.self) { try EnvironmentFile(path: path) }
            #expect(error?.message.contains(String(mode, radix: 8)) == true)
        }
        for mode in [0o600, 0o400] {
            folder.setMode(mode, of: "keys")
            #expect(try EnvironmentFile(path: path).values[Name.apiKey] == "pk_test_x")
        }
        folder.link("keys", as: "link")
        for name in ["link", ".", "missing"] {
            #expect(throws: BatchError.self) { try EnvironmentFile(path: folder.file(name)) }
        }
    }

    @Test("The environment wins over the env file")
    func precedence() {
        let settings = Settings(
            environment: [Name.baseURL: "https://a", Name.onBehalfOf: "", "OTHER": "x"],
            file: [Name.baseURL: "https://b", Name.onBehalfOf: "acc_b", Name.apiKey: "pk"]
        )
        #expect(
            settings.values == [
                Name.baseURL: "https://a", Name.onBehalfOf: "acc_b", Name.apiKey: "pk",
            ]
        )
    }

    @Test("A key of the one place never meets a secret of the other")
    func credentials() {
        let pair = [Name.keyID: "ak_file", Name.secret: "sk_file"]
        #expect(
            Settings(environment: [Name.apiKey: "pk"], file: pair).values == [Name.apiKey: "pk"]
        )
        #expect(
            Settings(environment: [Name.keyID: "ak_env"], file: pair).values
                == [Name.keyID: "ak_env"]
        )
        #expect(
            Settings(environment: [Name.keyID: "ak_file"], file: pair).values == pair
        )
        #expect(
            Settings(environment: [Name.keySecret: "sk_env"], file: pair).values
                == [Name.keyID: "ak_file", Name.keySecret: "sk_env"]
        )
        #expect(
            Settings(
                environment: [Name.keyID: "ak", Name.secret: "sk"],
                file: [Name.apiKey: "pk"]
            ).values == [Name.keyID: "ak", Name.secret: "sk"]
        )
    }

    private func options(_ words: String...) throws -> ConnectionOptions {
        let command = try PlugipayBatch.parseAsRoot(["import", "a.csv"] + words)
        return try #require(command as? ImportCommand).connection
    }

    @Test("A flag wins over the environment, and the target is what the job is bound to")
    func target() throws {
        let connection = try Connection.server(
            try options("--base-url", "http://127.0.0.1:4010", "--on-behalf-of", "acc_1"),
            environment: [
                Name.keyID: "ak_test_x", Name.secret: "s", Name.baseURL: "https://example.com",
                Name.onBehalfOf: "acc_2",
            ],
            allowsLive: false
        )
        #expect(connection.target.text == "127.0.0.1:4010, test mode, on behalf of acc_1")
        #expect(connection.configuration.onBehalfOf == "acc_1")
    }

    @Test("A live key needs --live")
    func live() throws {
        let environment = [Name.apiKey: "pk_live_x"]
        let error = #expect(throws: BatchError.self) {
            try Connection.server(
                try options(),
                environment: environment,
                allowsLive: false
            )
        }
        #expect(error?.message.contains("--live") == true)
        #expect(error?.message.contains("pk_live_x") == false)
        let connection = try Connection.server(
            try options(),
            environment: environment,
            allowsLive: true
        )
        #expect(connection.target.mode == "live")
    }

    @Test("Without credentials the error names both ways out")
    func noCredentials() throws {
        let error = #expect(throws: BatchError.self) {
            try Connection.server(try options(), environment: [:], allowsLive: false)
        }
        #expect(error?.message.contains("--env-file") == true)
        #expect(error?.message.contains("--sandbox") == true)
    }
}
