package import Plugipay

extension RunProgress {
    /// One line of `--progress json`, without its line end.
    ///
    /// Members that do not apply are null, so that every line has the same ones. A line of the log
    /// (`--log-format json`) has the first three as well, and is told apart by `event`.
    ///
    /// - Parameters:
    ///   - time: Local time.
    ///   - message: The same as a sentence.
    /// - Returns: One object.
    package func json(at time: Timestamp, message: String) -> String {
        JSONText.object { json in
            json.member("time", time.iso8601)
            json.member("level", LogLine.Level.info.rawValue)
            json.member("message", message)
            json.member("event", "progress")
            json.member("activity", activity.rawValue)
            json.member("done", done)
            if let total { json.member("total", total) } else { json.null("total") }
            if let share {
                json.member("percent", tenths: (share * 1000).rounded(.down) / 10)
            } else {
                json.null("percent")
            }
            json.member("per_second", tenths: perSecond)
            json.member("in_flight", inFlight)
            json.member("errors", errors)
            addWait(to: &json)
            if let remaining {
                json.member("remaining_seconds", remaining.wholeSeconds)
            } else {
                json.null("remaining_seconds")
            }
        }
    }

    private func addWait(to json: inout JSONText) {
        guard let wait else { return json.null("waiting") }
        json.member("waiting") { json in
            json.member("for", wait.kind.rawValue)
            if let time = wait.time {
                json.member("seconds", time.wholeSeconds)
            } else {
                json.null("seconds")
            }
        }
    }
}

extension RunProgress.Wait {
    /// How long until something happens by itself; `nil` where that depends on the server.
    package var time: Duration? {
        switch self {
        case .limit(let time): time
        case .server(_, let nextTry): nextTry
        case .retries(_, let next): next
        case .answers: nil
        }
    }
}
