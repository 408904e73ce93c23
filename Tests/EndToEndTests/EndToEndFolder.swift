import BatchCore
import Foundation
import Subprocess
import SystemPackage
import Testing

/// What `--json` prints, as far as tests need it.
struct EndToEndSummary: Decodable {
    struct Files: Decodable {
        var results: String?
        var rejects: [String]?
    }

    var status: String
    var exit_code: Int
    var counts: [String: Int]
    var requests: [String: Int]
    var files: Files
    var next: String?

    subscript(_ status: String) -> Int { counts[status, default: 0] }

    /// What must equal the requests at the server.
    var requestCount: Int { ["attempts", "lookups", "throttled"].reduce(0) { $0 + request($1) } }

    func request(_ kind: String) -> Int { requests[kind, default: 0] }

    /// The statuses that occur, and how often.
    var statuses: [String: Int] { counts.filter { $0.key != "read" && $0.value > 0 } }
}

/// A run of `import`.
struct EndToEndRun {
    var exit: Int32?
    var output: String
    var errors: String

    /// The summary on standard output.
    var summary: EndToEndSummary {
        get throws { try JSONDecoder().decode(EndToEndSummary.self, from: Data(output.utf8)) }
    }
}

/// A line of results.csv.
struct EndToEndResult {
    let cells: [String: String]

    var status: String { self["status"] }
    var key: String { self["idempotency_key"] }
    var customerID: String { self["customer_id"] }
    var codes: Set<String> { Set(self["error_code"].split(separator: ";").map(String.init)) }

    subscript(_ name: String) -> String { cells[name] ?? "(no such column)" }
}

extension CommandLineFolder {
    /// The folder of the package, where `samples` and the README are.
    static let package = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func sample(_ name: String) throws -> [UInt8] {
        let name = name.split(separator: "/").last ?? ""
        return try Array(Data(contentsOf: package.appending(path: "samples/\(name)")))
    }

    /// Copies samples here.
    func take(_ samples: String...) throws {
        for name in samples { try write(name, bytes: Self.sample(name)) }
    }

    @discardableResult
    func write(_ name: String, bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(filePath: file(name)))
        return file(name)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: file(name))))
    }

    /// Runs `import` against a server to its end, as fast as it goes unless `arguments` say more.
    func runImport(
        _ arguments: String...,
        to server: EndToEndServer,
        input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> EndToEndRun {
        let rate = arguments.contains("--rate") ? [] : ["--rate", "0"]
        return try await runProgram(
            ["import"] + arguments + rate + ["--json"],
            input: input,
            environment: server.environment.merging(environment) { $1 }
        )
    }

    /// Runs the program to its end.
    func runProgram(
        _ arguments: [String],
        input: [UInt8] = [],
        environment: [String: String] = [:]
    ) async throws -> EndToEndRun {
        let result = try await Subprocess.run(
            .path(Self.program),
            arguments: Arguments(arguments),
            environment: Self.environment(environment),
            workingDirectory: FilePath(path),
            input: .array(input),
            output: .string(limit: 1 << 20),
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

    static func environment(_ variables: [String: String]) -> Subprocess.Environment {
        .custom(
            Dictionary(uniqueKeysWithValues: variables.map { (.init(stringLiteral: $0), $1) })
        )
    }

    /// The lines of a job's results.csv.
    func results(_ job: String) throws -> [EndToEndResult] {
        var table = EndToEndTable.rows(try bytes("\(job)/results.csv"))
        let header = table.removeFirst()
        return try table.map { row in
            try #require(row.count == header.count)
            return EndToEndResult(cells: Dictionary(uniqueKeysWithValues: zip(header, row)))
        }
    }
}

/// A reader of well-formed CSV, independent of the one that is tested.
enum EndToEndTable {
    static func rows(_ bytes: [UInt8]) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var index = 0
        func endCell() {
            row.append(String(decoding: cell, as: UTF8.self))
            cell = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && bytes[index...].first == byte:
                cell.append(byte)
                index += 1
            case UInt8(ascii: "\""):
                isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                endCell()
            case UInt8(ascii: "\n") where !isQuoted:
                endCell()
                rows.append(row)
                row = []
            default:
                cell.append(byte)
            }
        }
        return rows
    }
}

/// Numbers that look random, equal for equal seeds.
enum EndToEndSeed {
    /// A seed of its own for each run, unless `PLUGIPAY_BATCH_SEED` holds one; it is printed.
    static func fresh(_ purpose: String) -> UInt64 {
        let given = ProcessInfo.processInfo.environment["PLUGIPAY_BATCH_SEED"].flatMap(UInt64.init)
        let seed = given ?? UInt64.random(in: 1...999_999)
        print("\(purpose): PLUGIPAY_BATCH_SEED=\(seed)")
        return seed
    }
}

/// Whether the slow variants run too.
let isLongRun = ProcessInfo.processInfo.environment["PLUGIPAY_BATCH_LONG"] == "1"
