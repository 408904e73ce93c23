/// Opens and locks a part file, and makes sure that its name still leads to it then.
enum PartOpening {
    /// How often a part file that is finished or removed just before the lock is taken is let go
    /// for the next one.
    private static let attempts = 10

    /// Opens the part file of `place`, or makes it, and takes its lock.
    static func open(
        at place: OutputPlace
    ) throws(OutputError) -> (descriptor: Int32, length: Int64) {
        for _ in 0..<attempts {
            try place.check(suffix: PartFile.suffix)
            let descriptor: Int32
            do {
                descriptor = try SystemCalls.openOrCreate(
                    place.name + PartFile.suffix,
                    in: place.folder
                )
            } catch {
                throw failure(error, place)
            }
            do throws(OutputError) {
                if let length = try prepare(descriptor, at: place) { return (descriptor, length) }
            } catch {
                SystemCalls.close(descriptor)
                throw error
            }
            SystemCalls.close(descriptor)
        }
        throw inUse(place)
    }

    /// Whether the part file's name leads to what `descriptor` leads to.
    static func isStill(_ descriptor: Int32, at place: OutputPlace) -> Bool {
        let name = place.name + PartFile.suffix
        guard let opened = try? SystemCalls.status(of: descriptor).identity,
            let named = try? SystemCalls.status(of: name, in: place.folder)?.identity
        else { return false }
        return opened.device == named.device && opened.inode == named.inode
    }

    /// Locks the file and moves to its end, which is returned; nil if it lost its name before.
    private static func prepare(
        _ descriptor: Int32,
        at place: OutputPlace
    ) throws(OutputError) -> Int64? {
        do {
            let status = try SystemCalls.status(of: descriptor)
            guard status.kind == .regular else {
                throw place.refusal("no regular file", suffix: PartFile.suffix)
            }
            guard try SystemCalls.lock(descriptor) else { throw inUse(place) }
            guard isStill(descriptor, at: place) else { return nil }
            // Bytes written here would show under the other names, too.
            guard status.links == 1 else {
                throw place.refusal(
                    "a file with further names (hard links)",
                    suffix: PartFile.suffix
                )
            }
            if status.isOpenToOthers { try SystemCalls.makePrivate(descriptor) }
            let length = try SystemCalls.status(of: descriptor).identity.size
            try SystemCalls.seek(descriptor, to: length)
            return length
        } catch let error as OutputError {
            throw error
        } catch {
            throw failure(error, place)
        }
    }

    private static func inUse(_ place: OutputPlace) -> OutputError {
        OutputError(
            code: .inUse,
            message: "another process writes this file; wait for its end, or choose another name",
            path: place.path
        )
    }

    private static func failure(_ error: any Error, _ place: OutputPlace) -> OutputError {
        OutputError(
            code: .cannotCreate,
            message: "it cannot be opened or made, private and locked: \(error)",
            path: place.path + PartFile.suffix,
            cause: error
        )
    }
}
