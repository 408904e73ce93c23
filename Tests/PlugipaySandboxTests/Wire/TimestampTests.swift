import Foundation
import Testing

@testable import PlugipaySandbox

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "It is written as JavaScript and HTTP write it",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_767_225_600_000, "2026-01-01T00:00:00.000Z", "Thu, 01 Jan 2026 00:00:00 GMT"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z", "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_107_542_400_007, "2100-03-01T00:00:00.007Z", "Mon, 01 Mar 2100 00:00:00 GMT"),
            (-1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
        ]
    )
    func forms(milliseconds: Int64, iso: String, http: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.iso8601 == iso)
        #expect(time.httpDate == http)
        #expect(Timestamp(iso8601: iso) == time)
    }

    @Test("It agrees with Foundation on random days", arguments: 0..<20)
    func foundation(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let milliseconds = Int64.random(in: 0...4_102_444_800_000, using: &random)
        let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
        let style = Date.ISO8601FormatStyle()
        let text = Timestamp(milliseconds: milliseconds / 1000 * 1000).iso8601
        #expect(text.replacing(".000", with: "") == date.formatted(style), "seed \(seed)")
    }

    @Test(
        "It reads dates, fractions and offsets",
        arguments: [
            ("2026-01-01", 0), ("2026-01-01T00:00Z", 0), ("2026-01-01T00:00:01Z", 1_000),
            ("2026-01-01T00:00:00.5Z", 500), ("2026-01-01T00:00:00.123456Z", 123),
            ("2026-01-01T07:00:00+07:00", 0), ("2025-12-31T19:30:00-0430", 0),
            ("2026-01-01t00:00:00z", 0), ("2026-01-01 00:00:00Z", 0),
        ]
    )
    func reading(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == 1_767_225_600_000 + milliseconds)
    }

    @Test(
        "It refuses what is no time",
        arguments: [
            "", "x", "2026", "2026-13-01", "2026-02-29", "2026-01-01T", "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Z ", "1767225600",
        ]
    )
    func refusing(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }
}
