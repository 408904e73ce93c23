import TestSupport
import Testing

@testable import Plugipay

@Suite struct ServerClockTests {
    private static let start: Duration = .seconds(1_767_225_600)

    private let local = ManualLocalClock(Self.start)

    @Test("before any answer the local time is shown and nothing is known")
    func initial() {
        let clock = ServerClock(local: local.local)
        #expect(clock.now() == Timestamp(since1970: Self.start))
        #expect(clock.uncertainty == nil)
        #expect(!clock.hasSample)
    }

    @Test("an exact time gives the offset, corrected by half the round trip")
    func exact() {
        let clock = ServerClock(local: local.local)
        observe(clock, meta: "2026-01-01T01:00:00.050Z", roundTrip: .milliseconds(100))
        #expect(clock.offset == .seconds(3600))
        #expect(clock.uncertainty == .milliseconds(100))
        local.advance(by: .seconds(10))
        #expect(clock.now().iso8601 == "2026-01-01T01:00:10.000Z")
        #expect(clock.localNow().iso8601 == "2026-01-01T00:00:10.000Z")
    }

    @Test("a time in whole seconds is less certain by a second, from meta data or from Date")
    func wholeSeconds() {
        let clock = ServerClock(local: local.local)
        observe(clock, date: "Thu, 01 Jan 2026 00:00:09 GMT", roundTrip: .milliseconds(40))
        #expect(clock.uncertainty == .milliseconds(1040))
        #expect(clock.now().iso8601 == "2026-01-01T00:00:08.980Z")
        let other = ServerClock(local: local.local)
        observe(other, meta: "2026-01-01T00:00:00Z", roundTrip: .milliseconds(40))
        #expect(!other.hasSample)
    }

    @Test("the sample with the smallest uncertainty counts, until twenty newer ones have come")
    func best() {
        let clock = ServerClock(local: local.local)
        observe(clock, meta: "2026-01-01T00:00:05.000Z", roundTrip: .milliseconds(10))
        for _ in 1..<ServerClock.rememberedSamples {
            observe(clock, meta: "2026-01-01T00:00:09.000Z", roundTrip: .milliseconds(500))
            #expect(clock.uncertainty == .milliseconds(10))
        }
        observe(clock, meta: "2026-01-01T00:00:09.000Z", roundTrip: .milliseconds(500))
        #expect(clock.uncertainty == .milliseconds(500))
        #expect(clock.offset == .milliseconds(8750))
    }

    @Test("the old time of a stored answer is not believed: Date tells, or a read")
    func storedAnswer() {
        let clock = ServerClock(local: local.local)
        let stale = "2025-12-31T12:00:00.000Z"
        observe(clock, .post, meta: stale, roundTrip: .zero)
        #expect(!clock.hasSample)
        observe(clock, .post, meta: stale, date: "Thu, 01 Jan 2026 00:00:03 GMT", roundTrip: .zero)
        #expect(clock.offset == .seconds(3))
        #expect(clock.uncertainty == .seconds(1))
        observe(
            clock,
            .post,
            meta: "2026-01-01T00:00:03.700Z",
            date: "Thu, 01 Jan 2026 00:00:03 GMT",
            roundTrip: .milliseconds(2)
        )
        #expect(clock.offset == .milliseconds(3699))
    }

    @Test("after a refused timestamp the Date of that answer alone counts")
    func correction() {
        let clock = ServerClock(local: local.local)
        observe(clock, meta: "2026-01-01T00:00:00.000Z", roundTrip: .zero)
        #expect(clock.correctFromDate(of: response(date: "Thu, 01 Jan 2026 02:00:00 GMT")))
        #expect(clock.offset == .seconds(7200))
        #expect(!clock.correctFromDate(of: response()))
        #expect(clock.offset == .seconds(7200))
    }

    @Test("the system's clock goes on and agrees with the wall clock")
    func system() {
        let clock = LocalClock.system()
        let first = clock.now()
        #expect(clock.now() >= first)
        #expect(Timestamp(since1970: first).iso8601 > "2025")
    }

    private func observe(
        _ clock: ServerClock,
        _ method: Plugipay.Operation.Method = .get,
        meta: String? = nil,
        date: String? = nil,
        roundTrip: Duration
    ) {
        clock.observe(
            response(method, meta: meta, date: date, roundTrip: roundTrip),
            sentAt: Self.start
        )
    }

    private func response(
        _ method: Plugipay.Operation.Method = .get,
        meta: String? = nil,
        date: String? = nil,
        roundTrip: Duration = .zero
    ) -> Response {
        let meta = meta.map { #"{"timestamp":"\#($0)"}"# } ?? "{}"
        return Response(
            method: method,
            status: 200,
            headers: Headers(date.map { [(name: "date", value: $0)] } ?? []),
            body: Array(#"{"data":null,"meta":\#(meta)}"#.utf8),
            sentAt: Timestamp(since1970: Self.start),
            receivedAt: Timestamp(since1970: Self.start + roundTrip),
            roundTrip: roundTrip
        )
    }
}
