import BatchCore

/// Progress in words.
enum ProgressWords {
    /// A line of a log, or of a terminal that cannot be redrawn.
    static func sentence(_ progress: RunProgress) -> String {
        var parts = [rows(progress) + (percent(progress).map { " (\($0))" } ?? "")]
        if let rate = rate(progress) { parts.append(rate) }
        if let flight = flight(progress) { parts.append(flight) }
        if progress.errors > 0 { parts.append(errors(progress)) }
        if let left = left(progress) { parts.append(left) }
        let line = "\(progress.activity.rawValue): " + parts.joined(separator: ", ")
        return progress.wait.map { "\(line); \(wait($0, progress))" } ?? line
    }

    /// `1,240 of 50,000 rows`.
    static func rows(_ progress: RunProgress) -> String {
        let unit = progress.activity == .exporting ? "customers" : "rows"
        let done = grouped(progress.done)
        return progress.total.map { "\(done) of \(grouped($0)) \(unit)" } ?? "\(done) \(unit)"
    }

    /// `2 %`, and 100 only when everything is done.
    static func percent(_ progress: RunProgress) -> String? {
        progress.share.map { "\(Int($0 * 100)) %" }
    }

    /// `15.9/s`, while there is a server to be fast with.
    static func rate(_ progress: RunProgress) -> String? {
        guard progress.perSecond > 0, progress.wait?.kind != .server else { return nil }
        let rate = min(progress.perSecond, 1e12)
        guard rate < 100 else { return "\(grouped(Int(rate.rounded())))/s" }
        let tenths = Int((rate * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)/s"
    }

    /// `8 in flight`, unless that is said by what is waited for.
    static func flight(_ progress: RunProgress) -> String? {
        guard progress.inFlight > 0, progress.wait != .answers else { return nil }
        return "\(progress.inFlight) in flight"
    }

    /// `3 errors`.
    static func errors(_ progress: RunProgress) -> String {
        "\(grouped(progress.errors)) error\(progress.errors == 1 ? "" : "s")"
    }

    /// `51 min left`, while the run goes on and it is in our hands.
    static func left(_ progress: RunProgress) -> String? {
        switch progress.wait {
        case .answers, .server: return nil
        case .limit, .retries, nil: break
        }
        guard let remaining = progress.remaining, remaining > .zero else { return nil }
        return "\(time(remaining)) left"
    }

    /// What the run waits for.
    static func wait(_ wait: RunProgress.Wait, _ progress: RunProgress) -> String {
        switch wait {
        case .limit(let time):
            "the server limits requests (429): going on in \(Self.time(time))"
        case .server(let downFor, let nextTry?) where nextTry > .zero:
            "the server has been down for \(time(downFor)): next try in \(time(nextTry))"
        case .server(let downFor, _):
            "the server has been down for \(time(downFor)): trying it now"
        case .retries(let rows, let next):
            "\(grouped(rows)) row\(rows == 1 ? "" : "s") to be asked again in \(time(next))"
        case .answers where progress.inFlight == 0:
            "stopping"
        case .answers:
            "stopping: waiting for \(progress.inFlight) "
                + "answer\(progress.inFlight == 1 ? "" : "s")"
        }
    }

    /// The same where there is little room.
    static func briefWait(_ wait: RunProgress.Wait) -> String {
        switch wait {
        case .limit(let time): "429: waiting \(Self.time(time))"
        case .server(let downFor, _): "server down \(time(downFor))"
        case .retries(_, let next): "asking again in \(time(next))"
        case .answers: "stopping"
        }
    }

    static func time(_ time: Duration) -> String {
        DurationWords.text(seconds: Int((time / .seconds(1)).rounded(.up)))
    }

    /// A number with a comma between thousands.
    static func grouped(_ number: Int) -> String {
        var text = ""
        let digits = String(number.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }
}
