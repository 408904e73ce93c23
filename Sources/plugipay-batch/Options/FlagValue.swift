import ArgumentParser
import BatchCore
import Plugipay

/// Reads the values of flags that are more than a number or a word.
///
/// Each error names the forms that are understood.
enum FlagValue {
    /// The most requests in flight that can be asked for.
    static let mostConcurrency = 1024

    /// Reads `30s`, `500ms`, `5m` or `1h`.
    ///
    /// A bare number is refused: nobody can say what it counts.
    @Sendable
    static func duration(_ text: String) throws(ValidationError) -> Duration {
        let digits = text.prefix { ("0"..."9").contains($0) }
        let unit = text.dropFirst(digits.count)
        guard !digits.isEmpty, let number = Int64(digits), number <= longestDuration,
            let duration = duration(number, unit: String(unit))
        else {
            throw ValidationError(
                "\"\(SafeText(text))\" is no duration; write a whole number and a unit, "
                    + "as in 500ms, 30s, 5m or 1h"
            )
        }
        return duration
    }

    private static let longestDuration: Int64 = 1_000_000_000

    private static func duration(_ number: Int64, unit: String) -> Duration? {
        switch unit {
        case "ms": .milliseconds(number)
        case "s": .seconds(number)
        case "m": .seconds(number * 60)
        case "h": .seconds(number * 3600)
        default: nil
        }
    }

    /// Reads `auto` or a number of requests a second.
    @Sendable
    static func rate(_ text: String) throws(ValidationError) -> RateSetting {
        if text == "auto" { return .auto }
        guard let rate = Double(text), rate.isFinite, rate >= 0 else {
            throw ValidationError(
                "\"\(SafeText(text))\" is no rate; write requests a second, as in 16 or 0.5, "
                    + "0 for no limit of ours, or auto"
            )
        }
        return .fixed(rate)
    }

    /// Reads `auto` or a number of requests in flight.
    @Sendable
    static func concurrency(_ text: String) throws(ValidationError) -> Concurrency.Setting {
        if text == "auto" { return .auto }
        guard let number = Int(text), (1...mostConcurrency).contains(number) else {
            throw ValidationError(
                "\"\(SafeText(text))\" is no number of requests in flight; write 1 to "
                    + "\(mostConcurrency), or auto"
            )
        }
        return .fixed(number)
    }

    /// Reads `N` or `P%`.
    @Sendable
    static func errorLimit(_ text: String) throws(ValidationError) -> ErrorLimit {
        guard let limit = ErrorLimit(text) else {
            throw ValidationError(
                "\"\(SafeText(text))\" is no limit; write a number of rows, as in 10, "
                    + "or a share of them, as in 2%"
            )
        }
        return limit
    }

    /// Reads an ISO 8601 time with an offset from UTC.
    @Sendable
    static func time(_ text: String) throws(ValidationError) -> Timestamp {
        guard let time = Timestamp(iso8601: text) else {
            throw ValidationError(
                "\"\(SafeText(text))\" is no time; write it as in 2026-05-12T10:42:00Z"
            )
        }
        return time
    }

    /// Reads the names of members, separated by commas.
    @Sendable
    static func exportFields(_ text: String) throws(ValidationError) -> [String] {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for (index, name) in names.enumerated() {
            guard ExportFields.names.contains(name) else {
                throw ValidationError(
                    "\"\(SafeText(name))\" is no member of a customer; there are "
                        + ExportFields.names.joined(separator: ", ")
                )
            }
            guard !names[..<index].contains(name) else {
                throw ValidationError("--fields names \(name) twice")
            }
        }
        return names
    }
}
