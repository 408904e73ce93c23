import RowIO
import Testing
import Glibc
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder of its own for a test, gone with its last owner.
final class ReportFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/plugipay-report-XXXXXX".utf8CString)
        let made = mkdtemp(&template) != nil
        try #require(made)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        for name in names() { unlink(file(name)) }
        rmdir(path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let sink = try DurableFile(replacing: file(name))
        try sink.write(text)
        try sink.commit()
        return file(name)
    }

    func read(_ name: String) throws -> String {
        let source = try ByteSource(.file(file(name)), readBytes: 4096)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = try source.read(into: &buffer, at: 0, count: 4096), count > 0 {
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func makeLink(to target: String, named name: String) -> Bool {
        symlink(target, name) == 0
    }

    func mode(of name: String) -> Int {
        var status = stat()
        guard lstat(file(name), &status) == 0 else { return 0 }
        return Int(status.st_mode & 0o7777)
    }

    func names() -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
