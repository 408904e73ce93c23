package import SystemPackage

/// A file that appears complete or not at all.
///
/// The bytes go to a file of their own (mode 0600 unless asked otherwise) beside the final name.
/// `commit` syncs it, gives it the final name in one step, and syncs the folder; until then, and
/// after any failure before the rename, what stood under the name is untouched. A symbolic link,
/// folder, pipe or device under the name is refused: it is neither followed nor replaced. Dropped
/// without `commit`, that file is removed.
package final class DurableFile: ByteSink {
    /// Leftovers of killed processes that are stepped over when a private name is looked for.
    private static let nameAttempts = 100

    /// The final name.
    package var path: String { place.path }
    private let place: OutputPlace
    private let temporaryName: String
    private let descriptor: Int32
    private let sink: DescriptorSink
    private var isFinished = false

    /// Begins a file that will replace the one at `path`, if there is one.
    ///
    /// - Parameters:
    ///   - path: The final name.
    ///   - mode: Who may read and write it, whatever the process's umask says.
    /// - Throws: `OutputError` when no file can be made there, or something stands under the name
    ///   that is not replaced.
    package init(
        replacing path: String,
        mode: FilePermissions = .ownerReadWrite
    ) throws(OutputError) {
        place = try OutputPlace(path)
        try place.check()
        (temporaryName, descriptor) = try Self.create(at: place, mode: mode)
        sink = DescriptorSink(descriptor: descriptor, name: path)
    }

    deinit {
        if !isFinished { SystemCalls.remove(temporaryName, in: place.folder) }
        SystemCalls.close(descriptor)
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
        try place.synchronize(descriptor, "the file")
        // Again, because a link may have been put there meanwhile.
        try place.check()
        try place.take(temporaryName)
        isFinished = true
        try place.synchronizeFolder()
    }

    private static func create(
        at place: OutputPlace,
        mode: FilePermissions
    ) throws(OutputError) -> (name: String, descriptor: Int32) {
        var attempt = 0
        while true {
            let temporary = ".\(place.name).\(SystemCalls.processID)-\(attempt).tmp"
            do {
                return (temporary, try SystemCalls.create(temporary, mode: mode, in: place.folder))
            } catch {
                attempt += 1
                if error == .fileExists && attempt < nameAttempts { continue }
                throw OutputError(
                    code: .cannotCreate,
                    message: "no file can be made in its folder: \(error)",
                    path: place.path,
                    cause: error
                )
            }
        }
    }
}
