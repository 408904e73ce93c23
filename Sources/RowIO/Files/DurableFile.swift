import SystemPackage

/// A file that appears complete or not at all.
///
/// The bytes go to a private file (mode 0600) beside the final name. `commit` syncs it, gives it
/// the final name in one step, and syncs the folder; until then, and after any failure before the
/// rename, what stood under the name is untouched. A symbolic link, folder, pipe or device under
/// the name is refused: it is neither followed nor replaced. Dropped without `commit`, the private
/// file is removed.
package final class DurableFile: ByteSink {
    /// Leftovers of killed processes that are stepped over when a private name is looked for.
    private static let nameAttempts = 100

    /// The final name.
    package let path: String
    private let folder: Int32
    private let name: String
    private let temporaryName: String
    private let descriptor: Int32
    private let sink: DescriptorSink
    private var isFinished = false

    /// Begins a file that will replace the one at `path`, if there is one.
    package init(replacing path: String) throws(OutputError) {
        self.path = path
        let (folderPath, name) = Self.split(path)
        self.name = name
        do {
            folder = try SystemCalls.openFolder(folderPath)
        } catch {
            throw OutputError(
                code: .cannotCreate,
                message: "its folder cannot be opened: \(error)",
                path: path,
                cause: error
            )
        }
        do throws(OutputError) {
            try Self.checkTarget(name, in: folder, path: path)
            (temporaryName, descriptor) = try Self.create(for: name, in: folder, path: path)
        } catch {
            SystemCalls.close(folder)
            throw error
        }
        sink = DescriptorSink(descriptor: descriptor, name: path)
    }

    deinit {
        if !isFinished { SystemCalls.remove(temporaryName, in: folder) }
        SystemCalls.close(descriptor)
        SystemCalls.close(folder)
    }

    /// Takes all of `bytes[range]`.
    package func write(_ bytes: [UInt8], _ range: Range<Int>) throws(OutputError) {
        try sink.write(bytes, range)
    }

    /// Hands everything taken so far to the system; it is durable only after `commit`.
    package func flush() throws(OutputError) {
        try sink.flush()
    }

    /// Makes the file durable under its final name.
    ///
    /// After an error the file cannot be used again.
    package func commit() throws(OutputError) {
        precondition(!isFinished, "a durable file is committed once")
        try sink.flush()
        try synchronize(descriptor, "the file")
        // Again, because a link may have been put there meanwhile.
        try Self.checkTarget(name, in: folder, path: path)
        do {
            try SystemCalls.rename(temporaryName, to: name, in: folder)
        } catch {
            throw OutputError(
                code: .renameFailed,
                message: "the finished file cannot take its name: \(error)",
                path: path,
                cause: error
            )
        }
        isFinished = true
        try synchronize(folder, "its folder (the new file is in place)")
    }

    private func synchronize(_ descriptor: Int32, _ what: String) throws(OutputError) {
        do {
            try SystemCalls.synchronize(descriptor)
        } catch {
            throw OutputError(
                code: .syncFailed,
                message: "the system cannot promise that \(what) is on disk: \(error)",
                path: path,
                cause: error
            )
        }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        let bytes = path.utf8
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
        let name = String(path[bytes.index(after: slash)...])
        return (slash == bytes.startIndex ? "/" : String(path[..<slash]), name)
    }

    private static func checkTarget(
        _ name: String,
        in folder: Int32,
        path: String
    ) throws(OutputError) {
        let kind: SystemCalls.Status.Kind?
        do {
            kind = try SystemCalls.status(of: name, in: folder)?.kind
        } catch {
            throw OutputError(
                code: .cannotCreate,
                message: "the name cannot be looked at: \(error)",
                path: path,
                cause: error
            )
        }
        let found: String
        switch kind {
        case nil where !name.isEmpty, .regular: return
        case .symbolicLink: found = "a symbolic link"
        case .special: found = "a pipe or device"
        case .directory, nil: found = "a folder"
        }
        throw OutputError(
            code: .notRegularFile,
            message: "this is \(found), which is not replaced; remove it or choose another name",
            path: path
        )
    }

    private static func create(
        for name: String,
        in folder: Int32,
        path: String
    ) throws(OutputError) -> (name: String, descriptor: Int32) {
        var attempt = 0
        while true {
            let temporary = ".\(name).\(SystemCalls.processID)-\(attempt).tmp"
            do {
                return (temporary, try SystemCalls.create(temporary, in: folder))
            } catch {
                attempt += 1
                if error == .fileExists && attempt < nameAttempts { continue }
                throw OutputError(
                    code: .cannotCreate,
                    message: "no file can be made in its folder: \(error)",
                    path: path,
                    cause: error
                )
            }
        }
    }
}
