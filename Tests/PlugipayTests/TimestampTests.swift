import Plugipay
import Testing

@Suite struct TimestampTests {
    @Test(
        "ISO 8601 is read with and without a fraction, in UTC and with an offset",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-05-12T10:42:00.123Z", 1_778_582_520_123),
            ("2026-05-12T10:42:00Z", 1_778_582_520_000),
            ("2026-05-12T10:42:00.1234567Z", 1_778_582_520_123),
            ("2026-05-12T10:42:00.1Z", 1_778_582_520_100),
            ("2026-05-12T17:42:00.123+07:00", 1_778_582_520_123),
            ("2026-05-12 10:42:00z", 1_778_582_520_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("1969-12-31T23:59:59.999Z", -1),
            ("1600-02-29T00:00:00Z", -11_670_998_400_000),
        ] as [(String, Int64)]
    )
    func iso8601(text: String, milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.millisecondsSince1970 == milliseconds)
    }

    @Test(
        "what is no date and time is refused",
        arguments: [
            "", "2026-05-12", "2026-05-12T10:42:00", "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z",
            "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00+0700",
            "1900-02-29T00:00:00Z", "２026-01-01T00:00:00Z",
        ]
    )
    func notADate(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test("writing and reading gives the same time, from year 1600 to 2400")
    func roundTrip() throws {
        for day in stride(from: -135_140, through: 157_000, by: 97) {
            let time = Timestamp(millisecondsSince1970: Int64(day) * 86_400_000 + 45_296_789)
            #expect(Timestamp(iso8601: time.iso8601) == time)
        }
        #expect(
            Timestamp(millisecondsSince1970: 1_778_582_520_003).iso8601
                == "2026-05-12T10:42:00.003Z"
        )
    }

    @Test(
        "all three forms of HTTP dates are read",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ]
    )
    func httpDate(text: String) {
        #expect(Timestamp(httpDate: text)?.iso8601 == "1994-11-06T08:49:37.000Z")
    }

    @Test("what is no HTTP date is refused", arguments: ["", "soon", "Sun, 06 Nov 1994 08:49:37"])
    func notAnHTTPDate(text: String) {
        #expect(Timestamp(httpDate: text) == nil)
    }

    @Test("times and durations add up, rounded down to a millisecond")
    func arithmetic() {
        let time = Timestamp(millisecondsSince1970: 1000)
        #expect((time + .seconds(30)).millisecondsSince1970 == 31_000)
        #expect((time + .microseconds(1999)).millisecondsSince1970 == 1001)
        #expect((time - .microseconds(1)).millisecondsSince1970 == 999)
        #expect(time - Timestamp(millisecondsSince1970: 4000) == .seconds(-3))
        #expect(Timestamp(millisecondsSince1970: -1).secondsSince1970 == -1)
        #expect(
            (Timestamp(millisecondsSince1970: .max) + .seconds(1)).millisecondsSince1970 == .max
        )
        #expect((time + .seconds(Int64.max)).millisecondsSince1970 == .max)
    }
}
