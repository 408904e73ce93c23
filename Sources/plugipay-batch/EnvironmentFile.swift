import BatchCore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Variables from a file of `KEY=VALUE` lines, as `--env-file` names one.
///
/// Understood: empty lines, comments, `export ` before a name, single quotes (taken as they stand),
/// double quotes (with `\"`, `\\`, `\$`, `\n`), and a comment after a value. Nothing is expanded.
/// An error names the line, never what stands in it: it may be a secret.
struct EnvironmentFile {
    /// More than this is no file of variables: 64 KiB.
    static let mostBytes = 64 << 10

    /// The variables; of one that is given twice, the last value.
    private(set) var values: [String: String] = [:]

    /// Reads a file.
    ///
    /// - Parameter path: A regular file that nobody but its owner may open.
    /// - Throws: `BatchError` for any other file, and for a line that cannot be read.
    init(path: String) throws(BatchError) {
        try self.init(text: Self.read(path), name: path)
    }

    /// Reads the text of a file.
    init(text: String, name: String) throws(BatchError) {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            do {
                if let (key, value) = try Self.variable(in: line) { values[key] = value }
            } catch {
                throw BatchError(.configuration, "\(name), line \(index + 1): \(error.reason)")
            }
        }
    }

    private struct LineError: Error {
        let reason: String
    }

    private static func variable(
        in line: Substring
    ) throws(LineError) -> (key: String, value: String)? {
        var rest = line.drop { $0.isWhitespace }
        guard let first = rest.first, first != "#" else { return nil }
        if rest.hasPrefix("export "), let name = rest.dropFirst(7).firstIndex(where: isNoBlank) {
            rest = rest[name...]
        }
        guard let equals = rest.firstIndex(of: "="), isName(rest[..<equals]) else {
            throw LineError(reason: "expected NAME=VALUE")
        }
        return (String(rest[..<equals]), try value(rest[rest.index(after: equals)...]))
    }

    private static func value(_ text: Substring) throws(LineError) -> String {
        switch text.first {
        case "'": try singleQuoted(text.dropFirst())
        case "\"": try doubleQuoted(text.dropFirst())
        default: unquoted(text)
        }
    }

    private static func unquoted(_ text: Substring) -> String {
        var value = ""
        for character in text {
            if character == "#", value.isEmpty || value.last?.isWhitespace == true { break }
            value.append(character)
        }
        while value.last?.isWhitespace == true { value.removeLast() }
        return String(value.drop { $0.isWhitespace })
    }

    private static func singleQuoted(_ text: Substring) throws(LineError) -> String {
        guard let end = text.firstIndex(of: "'") else { throw unclosed }
        try requireNothing(after: text[text.index(after: end)...])
        return String(text[..<end])
    }

    private static func doubleQuoted(_ text: Substring) throws(LineError) -> String {
        var value = ""
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                value += unescaped(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                try requireNothing(after: text[text.index(after: index)...])
                return value
            } else {
                value.append(character)
            }
        }
        throw unclosed
    }

    private static func unescaped(_ character: Character) -> String {
        switch character {
        case "n": "\n"
        case "\"", "\\", "$": String(character)
        default: "\\\(character)"
        }
    }

    private static var unclosed: LineError { LineError(reason: "a quote is opened and not closed") }

    private static func requireNothing(after text: Substring) throws(LineError) {
        guard let next = text.first(where: isNoBlank), next != "#" else { return }
        throw LineError(reason: "there is text after the closing quote")
    }

    private static func isNoBlank(_ character: Character) -> Bool { !character.isWhitespace }

    private static func isName(_ name: Substring) -> Bool {
        let isWord = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isWord && !name.isEmpty && name.first?.isNumber == false
    }
}

// MARK: - The file

extension EnvironmentFile {
    private static func read(_ path: String) throws(BatchError) -> String {
        do {
            // Without O_NONBLOCK a named pipe would hold us here.
            let file = try FileDescriptor.open(
                FilePath(path),
                .readOnly,
                options: [.noFollow, .closeOnExec, .nonBlocking]
            )
            return try file.closeAfter {
                try requirePrivateFile(file, path)
                return try text(of: file, path)
            }
        } catch let error as BatchError {
            throw error
        } catch Errno.tooManySymbolicLinkLevels {
            throw refusal(path, "is a symbolic link; name the file itself")
        } catch Errno.noSuchFileOrDirectory {
            throw refusal(path, "does not exist")
        } catch {
            throw refusal(path, "cannot be read: \(error)")
        }
    }

    private static func requirePrivateFile(
        _ file: FileDescriptor,
        _ path: String
    ) throws(BatchError) {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal(path, "is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw refusal(
                path,
                "has mode \(mode), so others than its owner may use it; chmod 600 it, and renew "
                    + "the secret if others could have read it"
            )
        }
    }

    private static func text(of file: FileDescriptor, _ path: String) throws -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= mostBytes {
            let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        guard bytes.count <= mostBytes else {
            throw refusal(path, "is longer than \(mostBytes) bytes")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(path, "is not UTF-8 text")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
    }

    private static func refusal(_ path: String, _ reason: String) -> BatchError {
        BatchError(.configuration, "--env-file: \(path) \(reason)")
    }
}
