#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The file of a book, made private before SQLite sees it: its WAL inherits the mode.
enum DatabaseFile {
    static let mode: mode_t = 0o600

    /// Creates the file if it is missing, and takes the rights of others away.
    static func prepare(path: String) throws(SandboxError) {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(path, flags, mode)
        guard descriptor >= 0 else {
            let reason = errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno))
            throw SandboxError(
                .cannotOpen,
                "The database \(path) cannot be opened: \(reason). Name another file."
            )
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SandboxError(
                .cannotOpen,
                "The database \(path) is not a regular file. Name another file."
            )
        }
        guard fchmod(descriptor, mode) == 0 else {
            throw SandboxError(
                .cannotOpen,
                "The database \(path) belongs to another user. Name another file."
            )
        }
    }
}
