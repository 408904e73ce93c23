import Foundation
import Subprocess
import SystemPackage
import Testing

/// The manifest of an export.
struct EndToEndManifest: Decodable {
    struct Target: Decodable, Equatable {
        var base_url: String
        var mode: String
        var account: String?
    }

    var version: Int
    var rows: Int
    var bytes: Int
    var sha256: String
    var first_id: String?
    var last_id: String?
    var started_at: String
    var ended_at: String
    var target: Target
    var order: String
    var consistency: String
}

/// A program at work, as far as a test meddles with it.
struct EndToEndProcess: Sendable {
    var id: pid_t

    func send(signal: Signal) { kill(id, signal.rawValue) }
}

/// A customer as an export tells it, read by readers that are not ours.
struct EndToEndCustomer {
    /// The members; a null is not among them.
    private var members: [String: String] = [:]
    /// The metadata: name and value as bytes, which `String` would take for equal when they are
    /// only canonically equivalent.
    private(set) var metadata: [[UInt8]: [UInt8]]?

    subscript(_ member: String) -> String? { members[member] }

    /// What a member of a customer's object may be.
    private enum Value: Decodable {
        case text(String)
        case pairs([String: String])

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self = .text(text)
            } else {
                self = .pairs(try decoder.singleValueContainer().decode([String: String].self))
            }
        }
    }

    // JSONSerialization would drop a byte order mark at the start of a text.

    /// Reads a line of a JSONL export.
    init(json line: some Collection<UInt8>) throws {
        let object = try JSONDecoder().decode([String: Value?].self, from: Data(line))
        for (name, value) in object {
            switch (name, value) {
            case (_, nil): continue
            case ("metadata", .pairs(let pairs)): metadata = Self.bytes(of: pairs)
            case (_, .text(let text)): members[name] = text
            default: Issue.record("\(name) holds what it must not hold")
            }
        }
    }

    /// Reads a row of a CSV export.
    init(header: [String], row: [String]) throws {
        try #require(row.count == header.count)
        for (name, cell) in zip(header, row) where !cell.isEmpty {
            if name == "metadata" {
                let data = Data(cell.utf8)
                metadata = Self.bytes(
                    of: try JSONDecoder().decode([String: String].self, from: data)
                )
            } else {
                members[name] = cell
            }
        }
    }

    private static func bytes(of pairs: [String: String]) -> [[UInt8]: [UInt8]] {
        Dictionary(uniqueKeysWithValues: pairs.map { (Array($0.utf8), Array($1.utf8)) })
    }
}

extension CommandLineFolder {
    /// Runs `export` against a server to its end, as fast as it goes unless `arguments` say more.
    func runExport(
        _ arguments: String...,
        from server: EndToEndServer,
        environment: [String: String] = [:]
    ) async throws -> EndToEndRun {
        let rate = arguments.contains("--rate") ? [] : ["--rate", "0"]
        return try await runProgram(
            ["export"] + arguments + rate,
            environment: server.environment.merging(environment) { $1 }
        )
    }

    /// Starts an export slowly enough for something to happen to it (a busy machine may be late),
    /// and runs `body` when its first page is safe.
    func runSlowExport(
        _ arguments: [String],
        from server: EndToEndServer,
        body: @Sendable (EndToEndProcess) async throws -> Void
    ) async throws -> (status: TerminationStatus, errors: String) {
        let output = try #require(arguments.first { $0.contains(".") })
        let result = try await Subprocess.run(
            .path(Self.program),
            arguments: Arguments(["export"] + arguments + ["--rate", "4"]),
            environment: Self.environment(server.environment),
            workingDirectory: FilePath(path),
            input: .none,
            output: .discarded,
            error: .sequence
        ) { execution in
            let deadline = ContinuousClock.now + .seconds(60)
            while !exists(output + ".checkpoint"), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(2))
            }
            try await body(EndToEndProcess(id: execution.processIdentifier.value))
            var errors = ""
            for try await line in execution.standardError.strings() { errors += line + "\n" }
            return errors
        }
        return (result.terminationStatus, result.closureResult)
    }

    /// The manifest of a file, after a look at whether it tells the truth about the file.
    func manifest(of name: String) async throws -> EndToEndManifest {
        let manifest = try JSONDecoder().decode(
            EndToEndManifest.self,
            from: Data(bytes(name + ".manifest.json"))
        )
        #expect(manifest.version == 1)
        #expect(try manifest.bytes == bytes(name).count)
        #expect(manifest.started_at <= manifest.ended_at)
        #expect(manifest.consistency == "walk")
        let sum = try await shell("sha256sum < '\(name)'").output
        #expect(sum.prefix(64) == manifest.sha256)
        return manifest
    }

    /// The customers in an exported file, in its order.
    func customers(in name: String) async throws -> [EndToEndCustomer] {
        let isCompressed = name.hasSuffix(".gz")
        if isCompressed {
            try #require(try await shell("gzip -dc '\(name)' > '\(name).plain'").exit == 0)
        }
        let bytes = try bytes(isCompressed ? name + ".plain" : name)
        if name.contains(".csv") {
            var rows = EndToEndTable.rows(bytes)
            let header = rows.removeFirst()
            return try rows.map { try EndToEndCustomer(header: header, row: $0) }
        }
        return try bytes.split(separator: UInt8(ascii: "\n")).map(EndToEndCustomer.init(json:))
    }

    /// What a shell makes of a script, with the program in its path.
    func shell(
        _ script: String,
        environment: [String: String] = [:]
    ) async throws -> EndToEndRun {
        let path = Self.program.removingLastComponent().string
        let variables = environment.merging(["PATH": "\(path):/usr/bin:/bin:/sbin"]) { $1 }
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", script],
            environment: Self.environment(variables),
            workingDirectory: FilePath(self.path),
            input: .none,
            output: .string(limit: 4 << 20),
            error: .string(limit: 1 << 20)
        )
        var exit: Int32?
        if case .exited(let code) = result.terminationStatus { exit = code }
        return EndToEndRun(
            exit: exit,
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    /// Expects a finished export, whole, and nothing of the work left beside it.
    func expectWholeBook(in name: String, order: String = "createdAt,id") async throws {
        let customers = try await customers(in: name)
        let ids = customers.compactMap { $0["externalId"] }
        #expect(ids.count == EndToEndBook.count)
        #expect(Set(ids) == Set(EndToEndBook.externalIDs))
        let manifest = try await manifest(of: name)
        #expect(manifest.rows == EndToEndBook.count)
        #expect(manifest.first_id == customers.first?["id"])
        #expect(manifest.last_id == customers.last?["id"])
        #expect(manifest.order == order)
        #expect(mode(of: name) == 0o600)
        #expect(!exists(name + ".part"))
        #expect(!exists(name + ".checkpoint"))
    }
}
