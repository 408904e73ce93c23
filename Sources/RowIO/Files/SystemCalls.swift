#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
import SystemPackage

/// The operating system's file calls with typed errors: the only file that touches the C library.
///
/// An interrupted call is made again; fsync is the exception, because its failure is final.
enum SystemCalls {
    /// What a path or descriptor leads to.
    struct Status {
        enum Kind { case regular, directory, symbolicLink, special }
        var kind: Kind
        var identity: FileIdentity
        /// How many names lead to it.
        var links: UInt64
        /// Whether somebody but the owner may do anything with it.
        var isOpenToOthers: Bool
    }

    /// Stands for the working folder where a folder is asked for.
    static let workingFolder: Int32 = AT_FDCWD

    /// Opens for reading.
    ///
    /// O_NONBLOCK keeps a pipe without a writer from holding us here; regular files ignore it.
    static func openForReading(_ path: String) throws(Errno) -> Int32 {
        try retrying { open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) }
    }

    /// Opens a folder, to name files relative to it.
    static func openFolder(_ path: String) throws(Errno) -> Int32 {
        try retrying { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    }

    /// Makes a file that was not there before, private until it has the mode that is asked for.
    static func create(
        _ name: String,
        mode: FilePermissions,
        in folder: Int32
    ) throws(Errno) -> Int32 {
        let descriptor = try retrying {
            openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard mode != .ownerReadWrite else { return descriptor }
        do {
            _ = try retrying { fchmod(descriptor, mode.rawValue) }
        } catch {
            close(descriptor)
            remove(name, in: folder)
            throw error
        }
        return descriptor
    }

    /// Opens a file for reading and writing, or makes it, private, if there is none.
    ///
    /// O_NONBLOCK keeps a pipe that takes the name meanwhile from holding us here.
    static func openOrCreate(_ name: String, in folder: Int32) throws(Errno) -> Int32 {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        return try retrying { openat(folder, name, flags, 0o600) }
    }

    /// Opens for reading, unless the last part of the path is a symbolic link.
    static func openUnlinked(_ path: String) throws(Errno) -> Int32 {
        try retrying { open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW) }
    }

    /// Takes the lock that one process at a time can have on a file; false if it is taken.
    ///
    /// It is the lock of flock(2), which the system lets go with the descriptor.
    static func lock(_ descriptor: Int32) throws(Errno) -> Bool {
        do {
            _ = try retrying { flock(descriptor, LOCK_EX | LOCK_NB) }
            return true
        } catch {
            if error == .wouldBlock || error == .resourceTemporarilyUnavailable { return false }
            throw error
        }
    }

    /// Takes every right from everybody but the owner.
    static func makePrivate(_ descriptor: Int32) throws(Errno) {
        _ = try retrying { fchmod(descriptor, 0o600) }
    }

    /// Drops the bytes from `length` on.
    static func truncate(_ descriptor: Int32, to length: Int64) throws(Errno) {
        _ = try retrying { ftruncate(descriptor, off_t(length)) }
    }

    static func close(_ descriptor: Int32) {
        // The descriptor is gone whatever close says, so there is nothing to try again.
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #else
        _ = Darwin.close(descriptor)
        #endif
    }

    /// Reads up to `count` bytes into `buffer` at `index`; 0 at the end.
    static func read(
        _ descriptor: Int32,
        into buffer: inout [UInt8],
        at index: Int,
        count: Int
    ) throws(Errno) -> Int {
        precondition(index >= 0 && count >= 0 && index + count <= buffer.count)
        while true {
            let got = buffer.withUnsafeMutableBytes { bytes in
                sysRead(descriptor, bytes.baseAddress.map { $0 + index }, count)
            }
            if got >= 0 { return got }
            let error = Errno(rawValue: errno)
            if error == .wouldBlock || error == .resourceTemporarilyUnavailable {
                waitUntilReadable(descriptor)
            } else if error != .interrupted {
                throw error
            }
        }
    }

    /// Reads up to `count` bytes that stand at `offset` into the front of `buffer`; 0 at the end.
    ///
    /// Where the descriptor reads and writes next does not change.
    static func read(
        _ descriptor: Int32,
        into buffer: inout [UInt8],
        count: Int,
        from offset: Int64
    ) throws(Errno) -> Int {
        precondition(count >= 0 && count <= buffer.count)
        while true {
            let got = buffer.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress, count, off_t(offset))
            }
            if got >= 0 { return got }
            let error = Errno(rawValue: errno)
            if error != .interrupted { throw error }
        }
    }

    /// Writes all of `bytes[range]`.
    static func write(
        _ descriptor: Int32,
        _ bytes: [UInt8],
        _ range: Range<Int>
    ) throws(Errno) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        var next = range.lowerBound
        while next < range.upperBound {
            let put = bytes.withUnsafeBytes { all in
                sysWrite(descriptor, all.baseAddress.map { $0 + next }, range.upperBound - next)
            }
            if put >= 0 {
                next += put
                continue
            }
            let error = Errno(rawValue: errno)
            if error == .wouldBlock || error == .resourceTemporarilyUnavailable {
                waitUntilWritable(descriptor)
            } else if error != .interrupted {
                throw error
            }
        }
    }

    static func seek(_ descriptor: Int32, to offset: Int64) throws(Errno) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw Errno(rawValue: errno)
        }
    }

    /// What an open descriptor leads to.
    static func status(of descriptor: Int32) throws(Errno) -> Status {
        var raw = stat()
        guard fstat(descriptor, &raw) == 0 else { throw Errno(rawValue: errno) }
        return Status(raw)
    }

    /// What a path leads to, symbolic links followed.
    static func status(ofPath path: String) throws(Errno) -> Status {
        var raw = stat()
        guard stat(path, &raw) == 0 else { throw Errno(rawValue: errno) }
        return Status(raw)
    }

    /// What a name in a folder is, a symbolic link not followed; nil if there is nothing.
    static func status(of name: String, in folder: Int32) throws(Errno) -> Status? {
        var raw = stat()
        if fstatat(folder, name, &raw, AT_SYMLINK_NOFOLLOW) == 0 { return Status(raw) }
        let error = Errno(rawValue: errno)
        if error == .noSuchFileOrDirectory { return nil }
        throw error
    }

    /// Waits until the file's bytes are on the device.
    static func synchronize(_ descriptor: Int32) throws(Errno) {
        #if canImport(Darwin)
        // fsync on Darwin stops at the drive's cache.
        guard fcntl(descriptor, F_FULLFSYNC) != -1 else { throw Errno(rawValue: errno) }
        #else
        guard fsync(descriptor) == 0 else { throw Errno(rawValue: errno) }
        #endif
    }

    static func rename(_ old: String, to new: String, in folder: Int32) throws(Errno) {
        guard renameat(folder, old, folder, new) == 0 else { throw Errno(rawValue: errno) }
    }

    static func remove(_ name: String, in folder: Int32) {
        _ = unlinkat(folder, name, 0)
    }

    static func remove(_ path: String) throws(Errno) {
        _ = try retrying { unlink(path) }
    }

    /// This process's number: it keeps the temporary names of two processes apart.
    static var processID: Int32 { getpid() }

    private static func retrying(_ call: () -> Int32) throws(Errno) -> Int32 {
        while true {
            let result = call()
            if result >= 0 { return result }
            let error = Errno(rawValue: errno)
            if error != .interrupted { throw error }
        }
    }

    private static func waitUntilReadable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&request, 1, -1)
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
    }

    private static func sysRead(_ fd: Int32, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int
    {
        #if canImport(Glibc)
        Glibc.read(fd, base, count)
        #elseif canImport(Musl)
        Musl.read(fd, base, count)
        #else
        Darwin.read(fd, base, count)
        #endif
    }

    private static func sysWrite(_ fd: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(fd, base, count)
        #elseif canImport(Musl)
        Musl.write(fd, base, count)
        #else
        Darwin.write(fd, base, count)
        #endif
    }
}

extension SystemCalls.Status {
    fileprivate init(_ raw: stat) {
        kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .special
            }
        #if canImport(Darwin)
        let modified = raw.st_mtimespec
        #else
        let modified = raw.st_mtim
        #endif
        identity = FileIdentity(
            device: UInt64(truncatingIfNeeded: raw.st_dev),
            inode: UInt64(truncatingIfNeeded: raw.st_ino),
            size: Int64(raw.st_size),
            modifiedSeconds: Int64(modified.tv_sec),
            modifiedNanoseconds: Int64(modified.tv_nsec)
        )
        links = UInt64(raw.st_nlink)
        isOpenToOthers = raw.st_mode & 0o077 != 0
    }
}
