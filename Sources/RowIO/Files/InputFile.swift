import SystemPackage

/// An open input, closed with its last owner: a regular file, or standard input.
final class InputFile {
    /// The path, or `standard input`.
    let name: String
    /// What the file was when it was opened; nil for standard input.
    let identity: FileIdentity?
    private let descriptor: Int32
    private let isOwned: Bool

    /// Standard input, whatever it is: a pipe, a terminal, a file.
    init() {
        name = InputSource.standardInput.name
        descriptor = 0
        isOwned = false
        identity = nil
    }

    /// The regular file at `path`.
    init(path: String) throws(InputError) {
        name = path
        isOwned = true
        do {
            // Looked at before it is opened: to open a device may already do something.
            let status = try SystemCalls.status(ofPath: path)
            try Self.check(status.kind)
            descriptor = try SystemCalls.openForReading(path)
        } catch {
            throw Self.inputError(error, path: path)
        }
        do {
            // And again, because the name may lead elsewhere by now.
            let status = try SystemCalls.status(of: descriptor)
            try Self.check(status.kind)
            identity = status.identity
        } catch {
            SystemCalls.close(descriptor)
            throw Self.inputError(error, path: path)
        }
    }

    deinit {
        if isOwned { SystemCalls.close(descriptor) }
    }

    /// Reads up to `count` bytes into `buffer` at `index`; 0 at the end.
    func read(into buffer: inout [UInt8], at index: Int, count: Int) throws(InputError) -> Int {
        do {
            return try SystemCalls.read(descriptor, into: &buffer, at: index, count: count)
        } catch {
            throw InputError(
                code: .unreadable,
                message: "reading failed: \(error)",
                path: name,
                cause: error
            )
        }
    }

    /// Goes on reading at `offset`.
    func seek(to offset: Int64) throws(InputError) {
        do {
            try SystemCalls.seek(descriptor, to: offset)
        } catch {
            throw InputError(
                code: .unreadable,
                message: "moving to byte \(offset) failed: \(error)",
                path: name,
                offset: offset,
                cause: error
            )
        }
    }

    private enum Refusal: Error { case isDirectory, special }

    private static func check(_ kind: SystemCalls.Status.Kind) throws {
        switch kind {
        case .regular: return
        case .directory: throw Refusal.isDirectory
        case .symbolicLink, .special: throw Refusal.special
        }
    }

    private static func inputError(_ error: any Error, path: String) -> InputError {
        let (code, message): (InputError.Code, String) =
            switch error {
            case Refusal.isDirectory:
                (.isDirectory, "this is a folder; name the files in it")
            case Refusal.special:
                (
                    .specialFile,
                    "this is a pipe or device, not a regular file; to read from a pipe, send it "
                        + "to standard input and name - as the file"
                )
            case Errno.noSuchFileOrDirectory, Errno.notDirectory:
                (.notFound, "there is no such file; check the path")
            case Errno.permissionDenied, Errno.notPermitted:
                (.permissionDenied, "this user may not read the file; check its permissions")
            default:
                (.unreadable, "the file cannot be opened: \(error)")
            }
        return InputError(code: code, message: message, path: path, cause: error as? Errno)
    }
}
