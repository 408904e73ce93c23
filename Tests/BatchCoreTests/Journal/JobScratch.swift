import BatchCore
import Foundation
import Testing

/// A folder of its own for a test, gone with its last owner.
final class JobScratch {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("plugipay-job-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        path = folder.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// A job folder in it, made and private.
    func preparedFolder(_ name: String = "people.job") throws -> JobFolder {
        let folder = JobFolder(path: file(name))
        try folder.prepare()
        return folder
    }

    func makeFolder(_ name: String, mode: Int = 0o755) throws {
        try FileManager.default.createDirectory(
            atPath: file(name),
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: mode]
        )
    }

    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
        try #require(FileManager.default.createFile(atPath: file(name), contents: Data(bytes)))
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    func makeLink(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: file(name),
            withDestinationPath: file(target)
        )
    }

    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
        return try #require(attributes[.posixPermissions] as? Int)
    }

    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
    }

    func setMode(_ mode: Int, of name: String) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode],
            ofItemAtPath: file(name)
        )
    }
}
