/// A rough duration for people.
package enum DurationWords {
    /// `45 s`, `12 min`, `3 h 5 min`, `4 d 8 h`: rounded up to what matters.
    ///
    /// - Parameter seconds: A number of seconds.
    /// - Returns: The duration in words.
    package static func text(seconds: Int) -> String {
        if seconds < 120 { return "\(max(seconds, 1)) s" }
        let minutes = (seconds + 59) / 60
        if minutes < 120 { return "\(minutes) min" }
        if minutes < 48 * 60 {
            return minutes % 60 == 0
                ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
        }
        let hours = (minutes + 59) / 60
        return hours % 24 == 0 ? "\(hours / 24) d" : "\(hours / 24) d \(hours % 24) h"
    }
}
