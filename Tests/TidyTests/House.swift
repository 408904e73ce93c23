import Foundation

/// The package on disk.
enum House {
    /// Found from this file: `<root>/Tests/TidyTests/House.swift`.
    static let root = URL(filePath: #filePath)
        .resolvingSymlinksInPath()
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    static func url(_ path: String) -> URL { root.appending(path: path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: url(path)))
    }

    static func swiftFiles(under folder: String) throws -> [SourceFile] {
        try files(under: folder).filter { $0.hasSuffix(".swift") }.map(swiftFile)
    }

    static func swiftFile(_ path: String) throws -> SourceFile {
        SourceFile(path: path, text: String(decoding: try bytes(path), as: UTF8.self))
    }

    /// Every file below a folder, from the root, sorted.
    static func files(under folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: url(folder).path())
            .map { "\(folder)/\($0)" }
            .filter { !isFolder($0) }
            .sorted()
    }

    /// The names of the folders right below a folder, sorted.
    static func folders(in folder: String) throws -> [String] {
        guard isFolder(folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: url(folder).path())
            .filter { isFolder("\(folder)/\($0)") && !$0.hasPrefix(".") }
            .sorted()
    }

    static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: url(path).path(),
            isDirectory: &isDirectory
        )
        return exists && isDirectory.boolValue
    }

    static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: url(path).path())
    }
}
