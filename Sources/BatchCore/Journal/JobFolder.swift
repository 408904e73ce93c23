import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The folder of a job, and the files in it.
///
/// The folder is private (0700), its files too (0600); nothing in it is reached through a symbolic
/// link.
package struct JobFolder: Sendable, Hashable {
    /// The folder's path.
    package let path: String

    /// Names a folder, without touching it.
    ///
    /// - Parameter path: The folder's path.
    package init(path: String) {
        self.path = path
    }

    /// The name of a job's folder when none is given: the first input without its known endings.
    ///
    /// - Parameters:
    ///   - input: The first input.
    ///   - isSandbox: Whether the job goes to a sandbox inside this process.
    /// - Returns: A name in the working folder.
    package static func defaultName(for input: String, isSandbox: Bool) -> String {
        let ending = isSandbox ? ".sandbox.job" : ".job"
        guard input != "-" else { return "stdin" + ending }
        var name = FilePath(input).lastComponent?.string ?? input
        while let known = knownEndings.first(where: { hasEnding($0, name) }) {
            name.removeLast(known.count)
        }
        return name + ending
    }

    private static let knownEndings = [
        ".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".xlsx", ".gz",
    ]

    private static func hasEnding(_ ending: String, _ name: String) -> Bool {
        name.count > ending.count && name.lowercased().hasSuffix(ending)
    }

    /// The path of a file in the folder.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: The folder's path with the name behind it.
    package func file(_ name: String) -> String {
        FilePath(path).appending(name).string
    }

    /// The journal's path.
    package var journal: String { file(Journal.fileName) }

    /// Makes the folder if it is not there, and makes sure that it is private, durable and a job's.
    ///
    /// A folder that a check has filled with results becomes a job's, too.
    ///
    /// - Throws: `BatchError` when it cannot be made, or belongs to something else.
    package func prepare() throws(BatchError) {
        if mkdir(path, 0o700) != 0 {
            let error = Errno(rawValue: errno)
            guard error == .fileExists else {
                throw BatchError(.storage, "cannot make the job folder \(path): \(error)")
            }
            try requireJobFolder()
        }
        guard chmod(path, 0o700) == 0 else {
            throw BatchError(
                .storage,
                "cannot make the job folder \(path) private: \(Errno(rawValue: errno))"
            )
        }
        try makePrivateFile(journal)
        let written = [ResultsWriter.fileName, Self.summaryName]
        for name in Self.journalCompanions + written { try refuseLink(name) }
        // Else a power cut could take the folder, and with it a journal that was synced.
        try synchronize(path)
        try synchronize(Self.parent(of: path))
    }

    /// What SQLite keeps beside the journal, and would open through a link.
    private static let journalCompanions = ["-wal", "-shm", "-journal"].map {
        Journal.fileName + $0
    }

    private static func parent(of path: String) -> String {
        let parent = FilePath(path).removingLastComponent()
        return parent.isEmpty ? "." : parent.string
    }

    /// Whether a journal stands in the folder.
    package var hasJournal: Bool {
        var status = stat()
        return lstat(journal, &status) == 0
    }

    private func requireJobFolder() throws(BatchError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw BatchError(
                .storage,
                "\(path) is not a folder of its own; name another one with --job"
            )
        }
        guard !hasJournal, !holdsOnlyResults else { return }
        throw BatchError(
            .storage,
            "\(path) holds other files and no journal, so it is no job folder; "
                + "name another one with --job"
        )
    }

    private func refuseLink(_ name: String) throws(BatchError) {
        var status = stat()
        guard lstat(file(name), &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
        throw BatchError(
            .storage,
            "\(file(name)) is not a regular file; remove it, or name another folder with --job"
        )
    }

    private func synchronize(_ folder: String) throws(BatchError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            // A folder may be one to enter and write to, but not to list; then it cannot be synced.
            return
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw BatchError(
                .storage,
                "the system cannot promise that \(folder) is on disk: \(Errno(rawValue: errno))"
            )
        }
    }

    private func makePrivateFile(_ path: String) throws(BatchError) {
        try refuseLink(Journal.fileName)
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw BatchError(.storage, "cannot open \(path): \(Errno(rawValue: errno))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw BatchError(.storage, "\(path) is not a regular file")
        }
        guard fchmod(descriptor, 0o600) == 0 else {
            throw BatchError(
                .storage,
                "cannot make \(path) private: \(Errno(rawValue: errno))"
            )
        }
    }
}
