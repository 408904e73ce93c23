import RowIO
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder for the files and the job of a test; gone with its last owner.
final class ImportFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/plugipay-import-XXXXXX".utf8CString)
        let made = mkdtemp(&template) != nil
        try #require(made)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let sink = try DurableFile(replacing: "\(path)/\(name)")
        try sink.write(text)
        try sink.commit()
        return "\(path)/\(name)"
    }

    func read(_ name: String) throws -> [String] {
        let source = try ByteSource(.file("\(path)/\(name)"), readBytes: 4096)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = try source.read(into: &buffer, at: 0, count: 4096), count > 0 {
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(folder)
        }
        if unlink(path) != 0 { rmdir(path) }
    }
}
