import Plugipay
import Testing

@testable import BatchCore

@Suite("The first request of a run")
struct FirstRequestTests {
    private let row = PlannedRow.sample(1, externalID: "c-1")

    private func started(_ change: (inout ImportMachine.Settings) -> Void = { _ in }) -> MachineRig
    {
        var rig = MachineRig(change)
        rig.bring(.started)
        return rig
    }

    @Test("nothing is sent while no row needs the server, and an empty input is finished")
    func silentWithoutRows() {
        var rig = MachineRig()
        let start = rig.bring(.started)
        #expect(start.reads.count == 1 && start.sends.isEmpty)
        let end = rig.bring(.offered([], isEnd: true))
        #expect(end.sends.isEmpty && end.end?.isCompleted == true)
    }

    @Test("it goes out alone, and the rows follow a good answer")
    func goodAnswer() {
        var rig = started()
        let first = rig.bring(.offered([row], isEnd: true))
        #expect(first.requests == ["GET /customers?limit=1"])
        let second = rig.answer(.probe, .list([]))
        #expect(second.requests == ["POST /customers"])
    }

    @Test(
        "what is never about a row ends the run, and the message says what was found",
        arguments: [
            (Reply.error(401, "invalid_key"), "PLUGIPAY_KEY_ID"),
            (.error(403, "forbidden"), "403 forbidden"),
            (.error(404, "not_found"), "--base-url"),
            (
                .raw(302, "", headers: ["Location": "https://example.com/login"]),
                "example.com/login"
            ),
            (.badCertificate, "bad"),
        ]
    )
    func refused(_ reply: Reply, _ hint: String) {
        var rig = started()
        rig.bring(.offered([row], isEnd: true))
        let turn = rig.answer(.probe, reply)
        #expect(turn.sends.isEmpty)
        #expect(turn.settled.map(\.state) == [.withdrawn])
        #expect(turn.end?.message?.contains(hint) == true, "\(String(describing: turn.end))")
    }

    @Test("a key without the right to read goes on and says so; one that acts for others does not")
    func missingScope() {
        var rig = started()
        rig.bring(.offered([row], isEnd: true))
        let turn = rig.answer(.probe, .error(403, "insufficient_scope"))
        #expect(turn.requests == ["POST /customers"])
        #expect(turn.notes.contains { $0.text.contains("may not read") })

        var merchant = started { $0.onBehalfOf = "acc_1" }
        merchant.bring(.offered([row], isEnd: true))
        #expect(merchant.answer(.probe, .error(403, "insufficient_scope")).end?.isFailure == true)
    }

    @Test("three strange bodies in a row end the run, and two with another failure between do not")
    func strangeBodies() throws {
        var rig = started()
        rig.bring(.offered([row], isEnd: true))
        #expect(rig.answer(.probe, .page).end == nil)
        try rig.sleep()
        #expect(rig.answer(.probe, .error(503, "service_unavailable")).end == nil)
        for _ in 1...2 {
            try rig.sleep()
            #expect(rig.answer(.probe, .page).end == nil)
        }
        try rig.sleep()
        let end = rig.answer(.probe, .page).end
        #expect(end?.message?.contains("not as the Plugipay API does") == true)
    }

    @Test("5xx, refused and lost are asked again after 1, 2, 4 s")
    func failuresAreRepeated() throws {
        var rig = started()
        rig.bring(.offered([row], isEnd: true))
        var waits: [Duration] = []
        for reply in [Reply.error(500, "internal_error"), .unreached, .lost] {
            rig.answer(.probe, reply)
            let wake = try #require(rig.wake)
            waits.append(wake.sinceStart - rig.now)
            #expect(try rig.sleep().requests == ["GET /customers?limit=1"])
        }
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(rig.answer(.probe, .list([])).requests == ["POST /customers"])
    }

    @Test(
        "a server that never answers well is given up after 30 s, also after a 429",
        arguments: [nil, Reply.error(429, "rate_limited", headers: ["Retry-After": "1"])]
    )
    func neverAnswersWell(_ before: Reply?) throws {
        var rig = started()
        rig.bring(.offered([row], isEnd: true))
        if let before {
            rig.answer(.probe, before)
            try rig.sleep()
        }
        var end: RunEnd?
        var probes = 0
        while end == nil, probes < 100 {
            if rig.flights[.probe] != nil {
                probes += 1
                end = rig.answer(.probe, .error(503, "service_unavailable")).end
            } else {
                end = try rig.sleep().end
            }
        }
        #expect(probes < 10)
        #expect(rig.now >= .seconds(30) && rig.now < .seconds(34))
        guard case .failed(let error)? = end else {
            Issue.record("ended with \(String(describing: end))")
            return
        }
        #expect(error.code == .neverAnswered)
    }

    @Test("a clock that is refused is corrected once")
    func refusedClock() {
        var rig = started()
        rig.bring(.offered([row], isEnd: true))
        let turn = rig.answer(.probe, .error(401, "timestamp_skew"))
        #expect(turn.clockCorrections == 1)
        #expect(turn.requests == ["GET /customers?limit=1"])
        #expect(rig.answer(.probe, .error(401, "timestamp_skew")).end?.isFailure == true)
    }

    @Test("rows planned before it get the server's time, and are committed before they are sent")
    func intentsGetServerTime() throws {
        var rig = started()
        #expect(rig.bring(.offered([row], isEnd: true)).commits.isEmpty)
        // This machine's clock is a minute behind the server's.
        rig.offset = .seconds(60)
        let turn = rig.answer(.probe, .list([]))
        let entry = try #require(turn.commits.last?.first)
        #expect(entry.firstIntent == rig.server - .milliseconds(10))
        #expect(turn.sentRows == [1])
    }

    @Test("a row without an externalId is held until nothing older can pass for its own")
    func holdsRowsWithoutExternalID() throws {
        var rig = started()
        rig.bring(.offered([.sample(1), .sample(2, externalID: "c-2")], isEnd: true))
        let answered = rig.answer(.probe, .list([]))
        let answeredAt = rig.server
        #expect(answered.sentRows == [2])
        let turn = try rig.sleep()
        #expect(turn.sentRows == [1])
        let intent = try #require(turn.commits.last?.first?.firstIntent)
        let window = OwnWindow(firstIntent: intent, uncertainty: rig.uncertainty)
        #expect(window.opens >= answeredAt)
    }

    @Test("the account of the answer is learnt, and another one than before ends the run")
    func account() {
        var customer = Customer("cus_1", of: CustomerDraft(), createdAt: MachineRig.epoch)
        customer.accountId = "acc_1"
        var rig = started()
        rig.bring(.offered([row], isEnd: true))
        #expect(rig.answer(.probe, .list([customer])).accounts == ["acc_1"])

        for change in [
            { (settings: inout ImportMachine.Settings) in settings.account = "acc_2" },
            { (settings: inout ImportMachine.Settings) in settings.onBehalfOf = "acc_2" },
        ] {
            var other = started(change)
            other.bring(.offered([row], isEnd: true))
            let turn = other.answer(.probe, .list([customer]))
            #expect(turn.sends.isEmpty)
            #expect(turn.end?.message?.contains("acc_1") == true)
        }
    }
}

extension RunEnd {
    /// Why a run could not go on.
    var message: String? {
        if case .failed(let error) = self { error.message } else { nil }
    }
}
