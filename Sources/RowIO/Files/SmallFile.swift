import SystemPackage

/// A small file of ours, read whole: a checkpoint, a manifest.
package struct SmallFile: Sendable, Hashable {
    /// All of its bytes.
    package var bytes: [UInt8]
    /// When it was written last, in milliseconds since 1970 UTC, by the file system's clock.
    package var modifiedMilliseconds: Int64

    /// Reads the file at `path`.
    ///
    /// - Parameters:
    ///   - path: A regular file; a symbolic link is not followed.
    ///   - bound: The most bytes that such a file can have.
    /// - Returns: The file, or nil if there is none.
    /// - Throws: `InputError` for anything but a readable regular file within the bound.
    package static func read(_ path: String, upTo bound: Int) throws(InputError) -> SmallFile? {
        do {
            // Looked at before it is opened: to open a device may already do something.
            guard let found = try SystemCalls.status(of: path, in: SystemCalls.workingFolder) else {
                return nil
            }
            try requireRegular(found.kind, path)
            let descriptor = try SystemCalls.openUnlinked(path)
            defer { SystemCalls.close(descriptor) }
            // And again, because the name may lead elsewhere by now.
            let status = try SystemCalls.status(of: descriptor)
            try requireRegular(status.kind, path)
            let bytes = try readAll(descriptor, upTo: bound, path)
            return SmallFile(
                bytes: bytes,
                modifiedMilliseconds: status.identity.modifiedSeconds * 1000
                    + status.identity.modifiedNanoseconds / 1_000_000
            )
        } catch let error as InputError {
            throw error
        } catch {
            throw InputError(
                code: .unreadable,
                message: "the file cannot be read: \(error)",
                path: path,
                cause: error
            )
        }
    }

    /// Removes the file at `path`, or the symbolic link; nothing to remove is no error.
    package static func remove(_ path: String) throws(OutputError) {
        do {
            try SystemCalls.remove(path)
        } catch {
            if error == .noSuchFileOrDirectory { return }
            throw OutputError(
                code: .writeFailed,
                message: "it cannot be removed: \(error)",
                path: path,
                cause: error
            )
        }
    }

    private static func readAll(
        _ descriptor: Int32,
        upTo bound: Int,
        _ path: String
    ) throws -> [UInt8] {
        // One byte more, to see that there is more.
        var bytes = [UInt8](repeating: 0, count: bound + 1)
        var count = 0
        while count < bytes.count {
            let got = try SystemCalls.read(
                descriptor,
                into: &bytes,
                at: count,
                count: bytes.count - count
            )
            if got == 0 { break }
            count += got
        }
        guard count <= bound else {
            throw InputError(
                code: .tooLarge,
                message: "this has more than \(bound) bytes and is none of our files; remove it",
                path: path
            )
        }
        return Array(bytes.prefix(count))
    }

    private static func requireRegular(
        _ kind: SystemCalls.Status.Kind,
        _ path: String
    ) throws(InputError) {
        switch kind {
        case .regular: return
        case .directory:
            throw InputError(
                code: .isDirectory,
                message: "this is a folder, expected was a file; remove it",
                path: path
            )
        case .symbolicLink, .special:
            throw InputError(
                code: .specialFile,
                message: "this is a link, pipe or device, which is not followed; remove it",
                path: path
            )
        }
    }
}
