import RowIO
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension JobFolder {
    /// The name of the summary in a job folder.
    package static let summaryName = "summary.json"

    /// Writes `summary.json`.
    ///
    /// - Parameter json: The summary, as `RunSummary.json` gives it.
    /// - Throws: `BatchError` when the disk refuses it.
    package func writeSummary(_ json: String) throws(BatchError) {
        do {
            let sink = try DurableFile(replacing: file(Self.summaryName))
            try sink.write(json + "\n")
            try sink.commit()
        } catch {
            throw BatchError(.storage, error.description, cause: error)
        }
    }

    /// Makes a folder for the result files of a check.
    ///
    /// It must not hold a job: the results of an import are not to be overwritten by those of a
    /// check.
    ///
    /// - Throws: `BatchError` when it holds a journal or foreign files, or cannot be made.
    package func prepareForCheck() throws(BatchError) {
        if mkdir(path, 0o700) == 0 { return }
        let error = Errno(rawValue: errno)
        var status = stat()
        guard error == .fileExists, lstat(path, &status) == 0,
            status.st_mode & S_IFMT == S_IFDIR
        else {
            throw BatchError(.storage, "cannot make the folder \(path): \(error)")
        }
        guard !hasJournal else {
            throw BatchError(
                .configuration,
                "\(path) holds the job of an import, whose results stay; name another folder "
                    + "with --job, or leave it out"
            )
        }
        guard holdsOnlyResults else {
            throw BatchError(
                .configuration,
                "\(path) holds other files; name another folder with --job"
            )
        }
    }

    /// Whether nothing but result files stands in the folder.
    var holdsOnlyResults: Bool {
        guard let folder = opendir(path) else { return false }
        defer { closedir(folder) }
        let ours: Set = [".", "..", ResultsWriter.fileName, Self.summaryName]
        while let entry = readdir(folder) {
            let name = Self.name(of: entry)
            guard ours.contains(name) || RejectNames.isOurs(name) else { return false }
        }
        return true
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The names of the regular files in the folder; symbolic links are none.
    func regularFiles() -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = Self.name(of: entry)
            var status = stat()
            guard lstat(file(name), &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            names.append(name)
        }
        return names.sorted()
    }

    /// Removes a file of the folder.
    func remove(_ name: String) {
        unlink(file(name))
    }
}
