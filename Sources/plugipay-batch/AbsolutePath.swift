import BatchCore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The absolute path of a file that is there, symbolic links resolved: the same file has one name,
/// from whatever folder it is reached.
///
/// - Parameter path: The path of an existing file.
/// - Returns: Its one name.
/// - Throws: `BatchError` when the file cannot be found.
func absolute(_ path: String) throws(BatchError) -> String {
    guard let resolved = realpath(path, nil) else {
        throw BatchError(.storage, "cannot find \(path): \(Errno(rawValue: errno))")
    }
    defer { free(resolved) }
    return String(cString: resolved)
}
