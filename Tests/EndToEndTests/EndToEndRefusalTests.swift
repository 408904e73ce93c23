import Foundation
import Testing

@Suite("What cannot go on stops soon, with few requests", .serialized)
struct EndToEndRefusalTests {
    /// Something wrong, and what the message must name.
    struct Wrong: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var file = "customers.csv"
        var environment: [String: String] = [:]
        var path = ""
        var requests = 0
        var words: [String]
    }

    private static let wrongs = [
        Wrong(testDescription: "a missing file", file: "gone.csv", words: ["gone.csv"]),
        Wrong(testDescription: "a folder as input", file: "folder", words: ["folder"]),
        Wrong(
            testDescription: "a cut gzip",
            file: "cut.csv.gz",
            words: ["cut.csv.gz", "byte 1199"]
        ),
        Wrong(
            testDescription: "a wrong secret",
            environment: ["PLUGIPAY_SECRET": "sk_test_wrong"],
            requests: 2,
            words: ["401"]
        ),
        Wrong(
            testDescription: "an unknown key",
            environment: ["PLUGIPAY_KEY_ID": "ak_test_nobody"],
            requests: 2,
            words: ["401"]
        ),
        Wrong(testDescription: "a wrong path", path: "/elsewhere", requests: 2, words: ["404"]),
    ]

    @Test("Exit 3, and the message names it", arguments: wrongs)
    func wrong(_ wrong: Wrong) async throws {
        let folder = try CommandLineFolder()
        try folder.take("customers.csv")
        let gzip = try CommandLineFolder.sample("customers.csv.gz")
        try folder.write("cut.csv.gz", bytes: Array(gzip.dropLast(40)))
        try FileManager.default.createDirectory(
            atPath: folder.file("folder"),
            withIntermediateDirectories: false
        )
        try await EndToEndServer.serving { server in
            var environment = wrong.environment
            if !wrong.path.isEmpty { environment["PLUGIPAY_BASE_URL"] = server.url + wrong.path }
            let start = ContinuousClock.now
            let run = try await folder.runImport(wrong.file, to: server, environment: environment)
            #expect(run.exit == 3)
            #expect(ContinuousClock.now - start < .seconds(10))
            for word in wrong.words { #expect(run.errors.contains(word), "\(run.errors)") }
            #expect(!run.errors.contains("sk_test"))
            #expect(try await server.requests().total <= wrong.requests)
            #expect(try await server.creates().isEmpty)
        }
    }

    @Test("A gzip that is cut anywhere sends nothing", arguments: [1, 8, 200, 900])
    func cut(_ count: Int) async throws {
        let folder = try CommandLineFolder()
        let gzip = try CommandLineFolder.sample("customers.csv.gz")
        try folder.write("cut.csv.gz", bytes: Array(gzip.dropLast(count)))
        try await EndToEndServer.serving { server in
            let run = try await folder.runImport("cut.csv.gz", to: server)
            #expect(run.exit == 3)
            #expect(try await server.requests().total == 0)
        }
    }

    @Test("A server that is not there is tried for half a minute", .enabled(if: isLongRun))
    func closedPort() async throws {
        let folder = try CommandLineFolder()
        try folder.take("customers.csv")
        // Nobody listens where a server has just been.
        let server = try await EndToEndServer.serving { $0 }
        let start = ContinuousClock.now
        let run = try await folder.runImport("customers.csv", to: server)
        #expect(run.exit == 3)
        let time = ContinuousClock.now - start
        #expect(time > .seconds(25) && time < .seconds(45))
    }
}
