/// A rough duration for people.
package enum DurationWords {
    /// `45 s`, `12 min`, `3 h 5 min`: rounded up to what matters.
    ///
    /// - Parameter seconds: A number of seconds.
    /// - Returns: The duration in words.
    package static func text(seconds: Int) -> String {
        if seconds < 120 { return "\(max(seconds, 1)) s" }
        let minutes = (seconds + 59) / 60
        if minutes < 120 { return "\(minutes) min" }
        return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
    }
}
