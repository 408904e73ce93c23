package import Plugipay

extension RunSummary {
    /// The end of a run as one line of `--log-format json`, with the whole summary in it.
    ///
    /// - Parameter time: Local time.
    /// - Returns: One object, without its line end.
    package func logLine(at time: Timestamp) -> String {
        JSONText.object { json in
            json.member("time", time.iso8601)
            json.member("level", LogLine.Level.info.rawValue)
            json.member("message", sentence)
            json.member("event", "summary")
            json.member("summary", raw: self.json)
        }
    }

    private var sentence: String {
        var parts = [export == nil ? "\(read) rows read" : "\(read) customers"]
        for status in RowStatus.allCases where counts[status, default: 0] > 0 {
            parts.append("\(counts[status, default: 0]) \(status.rawValue)")
        }
        return "\(command) \(status.rawValue), exit code \(exitCode): "
            + parts.joined(separator: ", ")
    }
}
