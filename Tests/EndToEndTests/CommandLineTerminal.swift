import Subprocess
import SystemPackage
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A terminal of a width for a program under test: what stands behind its standard error.
final class CommandLineTerminal: Sendable {
    private let master: FileDescriptor
    private let slave: FileDescriptor

    init(columns: Int) throws {
        var (mine, theirs): (Int32, Int32) = (-1, -1)
        var size = winsize()
        size.ws_col = UInt16(columns)
        size.ws_row = 24
        let isOpen = openpty(&mine, &theirs, nil, nil, &size) == 0
        try #require(isOpen)
        master = FileDescriptor(rawValue: mine)
        slave = FileDescriptor(rawValue: theirs)
    }

    deinit {
        try? master.close()
        try? slave.close()
    }

    /// Runs the program to its end.
    ///
    /// - Returns: Its exit code, and all that it wrote to the terminal, which is not much: the
    ///   terminal keeps it until it is read.
    func run(
        _ arguments: [String],
        in folder: CommandLineFolder,
        environment: [String: String]
    ) async throws -> (exit: Int32?, text: String) {
        let result = try await Subprocess.run(
            .path(CommandLineFolder.program),
            arguments: Arguments(arguments),
            environment: CommandLineFolder.environment(environment),
            workingDirectory: FilePath(folder.path),
            input: .none,
            output: .discarded,
            error: .fileDescriptor(slave, closeAfterSpawningProcess: false)
        )
        var exit: Int32?
        if case .exited(let code) = result.terminationStatus { exit = code }
        return (exit, try written())
    }

    private func written() throws -> String {
        let flags = fcntl(master.rawValue, F_GETFL)
        try #require(fcntl(master.rawValue, F_SETFL, flags | O_NONBLOCK) == 0)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = chunk.withUnsafeMutableBytes({
            read(master.rawValue, $0.baseAddress, $0.count)
        }),
            count > 0
        {
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
