import NIOCore

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The connection was cut on purpose; there is nobody to answer.
struct ConnectionCut: Error {
    /// Ends the connection with FIN: the client reads the end of the stream.
    static func close(_ channel: any Channel) async -> ConnectionCut {
        try? await channel.close()
        return ConnectionCut()
    }

    /// Ends the connection with RST: lingering for no time makes the kernel drop what is unsent.
    static func reset(_ channel: any Channel) async -> ConnectionCut {
        if let options = channel as? any SocketOptionProvider {
            try? await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        return await close(channel)
    }
}
