package import SystemPackage

/// What tells one state of a file from another without reading it: equal before and after means
/// that it did not change in between, as far as the file system can tell.
package struct FileIdentity: Sendable, Hashable {
    /// The file system's number.
    package var device: UInt64
    /// The file's number in its file system.
    package var inode: UInt64
    /// The size in bytes, as on disk.
    package var size: Int64
    /// The time of the last change, whole seconds since 1970 UTC.
    package var modifiedSeconds: Int64
    /// The rest of that time in nanoseconds.
    package var modifiedNanoseconds: Int64

    /// The identity of what stands at `path` now, symbolic links followed.
    package static func current(atPath path: String) throws(Errno) -> FileIdentity {
        try SystemCalls.status(ofPath: path).identity
    }
}
