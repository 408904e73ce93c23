import Subprocess
import SystemPackage
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A working folder of its own for a test, and the program run in it.
final class CommandLineFolder: Sendable {
    /// What a finished program left.
    struct Outcome: Sendable {
        var exit: Int32?
        var output: String
        var errors: String
    }

    let path: String

    init() throws {
        var template = Array("/tmp/plugipay-cli-XXXXXX".utf8CString)
        let made = mkdtemp(&template) != nil
        try #require(made)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        Self.removeTree(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let descriptor = try FileDescriptor.open(
            FilePath(file(name)),
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
        return file(name)
    }

    func read(_ name: String) throws -> String {
        let descriptor = try FileDescriptor.open(FilePath(file(name)), .readOnly)
        return try descriptor.closeAfter {
            var text: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while case let count = try chunk.withUnsafeMutableBytes({
                try descriptor.read(into: $0)
            }),
                count > 0
            {
                text += chunk.prefix(count)
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    func exists(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

    func setMode(_ mode: Int, of name: String) { chmod(file(name), mode_t(mode)) }

    func mode(of name: String) -> Int {
        var status = stat()
        guard lstat(file(name), &status) == 0 else { return 0 }
        return Int(status.st_mode & 0o7777)
    }

    func link(_ name: String, as link: String) { symlink(file(name), file(link)) }

    /// Runs the program to its end; the environment holds nothing but what is given.
    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
        let result = try await Subprocess.run(
            .path(Self.program),
            arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) }
                )
            ),
            workingDirectory: FilePath(path),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        var exit: Int32?
        if case .exited(let code) = result.terminationStatus { exit = code }
        return Outcome(
            exit: exit,
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    /// The program stands beside the tests.
    static var program: FilePath {
        FilePath(CommandLine.arguments[0]).removingLastComponent().appending("plugipay-batch")
    }

    private static func removeTree(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { removeTree("\(path)/\(name)") }
            }
            closedir(folder)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
