import Subprocess
import SystemPackage
import Testing

@Suite("Signals")
struct CommandLineSignalTests {
    private static let rows = 60

    private func people(in folder: CommandLineFolder) throws {
        let rows = (1...Self.rows).map { "p\($0),p\($0)@example.com\n" }
        try folder.write("people.csv", "externalId,email\n" + rows.joined())
    }

    @Test(
        "The first signal stops softly, and the same command goes on",
        arguments: [(1, 129), (2, 130), (15, 143)] as [(Int32, Int32)]
    )
    func soft(_ number: Int32, _ exit: Int32) async throws {
        let folder = try CommandLineFolder()
        try people(in: folder)
        let result = try await Subprocess.run(
            .path(CommandLineFolder.program),
            // Minutes, if nobody stops it: a busy machine may send the signal late.
            arguments: ["import", "people.csv", "--sandbox", "--rate", "0.5"],
            workingDirectory: FilePath(folder.path),
            input: .none,
            output: .discarded,
            error: .sequence
        ) { execution in
            var lines: [String] = []
            for try await line in execution.standardError.strings() {
                if lines.isEmpty { try execution.send(signal: Signal(rawValue: number)) }
                lines.append(line)
            }
            return lines
        }
        #expect(result.terminationStatus == .exited(exit))
        #expect(result.closureResult.contains { $0.hasPrefix("Stopping: ") })
        #expect(result.closureResult.contains { $0.hasPrefix("To go on: ") })
        let summary = try folder.read("people.sandbox.job/summary.json")
        #expect(summary.contains(#""status":"stopped","exit_code":\#(exit),"#))
        #expect(summary.contains(#""counts":{"read":\#(Self.rows),"#))

        let rest = try await folder.run("import", "people.csv", "--sandbox", "--json")
        #expect(rest.exit == 0)
        #expect(rest.output.contains(#""created":\#(Self.rows),"#))
    }

    @Test("A second signal stops at once")
    func hard() async throws {
        let folder = try CommandLineFolder()
        try people(in: folder)
        // A server that takes its time: answers in flight would be awaited.
        _ = try await Subprocess.run(
            .path(CommandLineFolder.program),
            arguments: ["sandbox", "--port", "0", "--memory", "--latency", "1h"],
            workingDirectory: FilePath(folder.path),
            input: .none,
            output: .sequence,
            error: .discarded
        ) { server in
            for try await line in server.standardOutput.strings() {
                guard let url = line.split(separator: "=", maxSplits: 1).last,
                    line.contains("BASE_URL")
                else { continue }
                #expect(try await stopTwice(in: folder, server: String(url)) == .exited(143))
                try server.send(signal: .terminate)
            }
        }
    }

    private func stopTwice(
        in folder: CommandLineFolder,
        server url: String
    ) async throws -> TerminationStatus {
        try await Subprocess.run(
            .path(CommandLineFolder.program),
            arguments: ["import", "people.csv", "--base-url", url],
            environment: .custom([
                "PLUGIPAY_KEY_ID": "ak_test_sandbox", "PLUGIPAY_SECRET": "sk_test_sandbox",
            ]),
            workingDirectory: FilePath(folder.path),
            input: .none,
            output: .discarded,
            error: .sequence
        ) { execution in
            var isFirst = true
            for try await line in execution.standardError.strings() {
                if isFirst { try execution.send(signal: .interrupt) }
                isFirst = false
                if line.hasPrefix("Stopping: ") { try execution.send(signal: .terminate) }
            }
        }.terminationStatus
    }
}
