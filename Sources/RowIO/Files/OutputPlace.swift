/// A name in a folder that stays open: where a finished file shall stand.
///
/// Every step is relative to the open folder, so that a folder that is moved or replaced meanwhile
/// cannot lead a step elsewhere.
final class OutputPlace {
    /// The path that was asked for, for messages.
    let path: String
    /// The last part of the path.
    let name: String
    /// The open folder.
    let folder: Int32

    /// Opens the folder of `path`.
    init(_ path: String) throws(OutputError) {
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
    }

    deinit {
        SystemCalls.close(folder)
    }

    /// Refuses a name, with `suffix` behind it, that belongs to anything but a regular file.
    func check(suffix: String = "") throws(OutputError) {
        let kind: SystemCalls.Status.Kind?
        do {
            kind = try SystemCalls.status(of: name + suffix, in: folder)?.kind
        } catch {
            throw OutputError(
                code: .cannotCreate,
                message: "the name cannot be looked at: \(error)",
                path: path + suffix,
                cause: error
            )
        }
        switch kind {
        case nil where !name.isEmpty, .regular: return
        case .symbolicLink: throw refusal("a symbolic link", suffix: suffix)
        case .special: throw refusal("a pipe or device", suffix: suffix)
        case .directory, nil: throw refusal("a folder", suffix: suffix)
        }
    }

    /// The error about something under the name that is no file of ours.
    func refusal(_ found: String, suffix: String) -> OutputError {
        OutputError(
            code: .notRegularFile,
            message: "this is \(found), which is not replaced; remove it or choose another name",
            path: path + suffix
        )
    }

    /// Gives the finished file the name in one step; durable after `synchronizeFolder`.
    func take(_ finishedName: String) throws(OutputError) {
        do {
            try SystemCalls.rename(finishedName, to: name, in: folder)
        } catch {
            throw OutputError(
                code: .renameFailed,
                message: "the finished file cannot take its name: \(error)",
                path: path,
                cause: error
            )
        }
    }

    /// Makes a change of names durable.
    func synchronizeFolder() throws(OutputError) {
        try synchronize(folder, "its folder (the new file is in place)")
    }

    /// Waits until what `descriptor` leads to is on the device.
    func synchronize(_ descriptor: Int32, _ what: String) throws(OutputError) {
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
}
