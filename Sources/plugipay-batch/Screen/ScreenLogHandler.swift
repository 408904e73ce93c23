import Logging

/// Brings what a library logs to the screen.
struct ScreenLogHandler: LogHandler {
    let screen: Screen
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(_ screen: Screen) {
        self.screen = screen
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var text = "\(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { text += " \(key)=\(value)" }
        switch event.level {
        case .trace, .debug, .info, .notice: screen.line(text)
        case .warning: screen.warning(text)
        case .error, .critical: screen.error(text)
        }
    }
}
