#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the process's standard files are connected to.
enum Terminal {
    /// The width where a terminal does not tell its own.
    static let usualWidth = 80

    /// Whether a person looks at standard error.
    static var isStandardErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    /// Whether a person looks at standard output.
    static var isStandardOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal behind standard error, as of now: windows are resized.
    static func width() -> Int {
        var size = winsize()
        #if canImport(Musl)
        let isKnown = ioctl(STDERR_FILENO, Int32(TIOCGWINSZ), &size) == 0
        #else
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
        #endif
        return isKnown && size.ws_col > 0 ? Int(size.ws_col) : usualWidth
    }

    /// Writes to standard error if that does not have to wait: what ends at once cannot.
    ///
    /// A signal handler may call this.
    static func writeAtOnce(_ text: StaticString) {
        var request = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&request, 1, 0) == 1, request.revents & Int16(POLLOUT) != 0 else { return }
        _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// A variable of the environment.
    static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
