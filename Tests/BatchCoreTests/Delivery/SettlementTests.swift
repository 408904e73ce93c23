import Plugipay
import Testing

@testable import BatchCore

@Suite("Settling rows without an externalId")
struct SettlementTests {
    private static let draft = CustomerDraft(email: "ada@example.com", name: "Ada")
    private static let email = LookUp.email("ada@example.com")
    private static let intent = Timestamp(millisecondsSince1970: 10_000)
    private static let window = OwnWindow(firstIntent: intent, uncertainty: .seconds(1))
    private static let blurred = OwnWindow(firstIntent: intent, uncertainty: .seconds(3))

    private static func ada(_ id: String = "cus_1", at milliseconds: Int64? = 10_000) -> Customer {
        .sample(id, email: "ada@example.com", name: "Ada", createdAt: milliseconds)
    }

    // MARK: Findings

    /// One question and what its answer is to be taken for.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var records: [Customer]
        var hasMore = false
        var lookUp = SettlementTests.email
        var window = SettlementTests.window
        var claimed: Set<String> = []
        let expected: String

        init(_ title: String, _ records: [Customer], is expected: String) {
            testDescription = title
            self.records = records
            self.expected = expected
        }

        func with(_ change: (inout Case) -> Void) -> Case {
            var copy = self
            change(&copy)
            return copy
        }
    }

    static let cases: [Case] = [
        Case("ours", [ada()], is: "found cus_1"),
        Case("ours, as early as the clock allows", [ada(at: 9_000)], is: "found cus_1"),
        Case("ours beside others", [ada(), bob, ada("cus_9", at: 8_999)], is: "found cus_1"),
        Case("nobody", [], is: "absent"),
        Case("older than our first intent", [ada(at: 8_999)], is: "absent"),
        Case("other content", [.sample(email: "ada@example.com", name: "Eve")], is: "absent"),
        Case(
            "a record with an externalId",
            [.sample(externalId: "x", email: "ada@example.com", name: "Ada")],
            is: "absent"
        ),
        Case("two of them", [ada(), ada("cus_2")], is: "several"),
        Case("two of them, one serves another row", [ada(), ada("cus_2")], is: "found cus_2")
            .with { $0.claimed = ["cus_1"] },
        Case("the only one serves another row", [ada()], is: "absent")
            .with { $0.claimed = ["cus_1"] },
        Case("the filter was ignored", [bob], is: "inconclusive"),
        Case("there is more", [], is: "inconclusive").with { $0.hasMore = true },
        Case("ours, although there is more", [ada()], is: "found cus_1")
            .with { $0.hasMore = true },
        Case("nobody since then", [], is: "absent")
            .with { $0.lookUp = .createdAfter(SettlementTests.window.opens) },
        // What only the clock could decide is left open: it may be ours.
        Case("equal, but the clock is not known", [ada()], is: "inconclusive")
            .with { $0.window = blurred },
        Case("older, but the clock is not known", [ada(at: 1)], is: "inconclusive")
            .with { $0.window = blurred },
        Case("equal, without a time", [ada(at: nil)], is: "inconclusive"),
        Case("nobody, whatever the clock", [], is: "absent").with { $0.window = blurred },
        Case("nobody since a time that is not known", [], is: "inconclusive").with {
            $0.window = blurred
            $0.lookUp = .createdAfter(blurred.opens)
        },
    ]

    private static let bob = Customer.sample("cus_7", email: "bob@example.com", name: "Bob")

    @Test("What a look-up says about a row", arguments: cases)
    func judge(_ test: Case) {
        let finding = Settlement.judge(
            test.records,
            hasMore: test.hasMore,
            of: test.lookUp,
            for: Self.draft,
            in: test.window,
            claimed: test.claimed
        )
        #expect(words(finding) == test.expected)
    }

    private func words(_ finding: Settlement.Finding) -> String {
        switch finding {
        case .found(let record): "found \(record.id)"
        case .absent: "absent"
        case .several: "several"
        case .inconclusive: "inconclusive"
        }
    }

    // MARK: Questions

    @Test("A row is looked for by its e-mail as written and as stored, else by its first intent")
    func question() {
        let draft = CustomerDraft(email: "Ada@Example.com")
        var settlement = Settlement()
        var questions: [LookUp] = []
        for _ in 0..<3 {
            questions.append(settlement.lookUp(for: draft, in: Self.window))
            settlement.lookUpsDone += 1
        }
        #expect(questions[0] == .email("Ada@Example.com"))
        #expect(questions.contains(.email("ada@example.com")))
        #expect(
            Settlement().lookUp(for: CustomerDraft(name: "Ada"), in: Self.window)
                == .createdAfter(Timestamp(millisecondsSince1970: 9_000))
        )
    }

    @Test("It is looked for at once, after 2 s, after 15 s, and then no more")
    func pauses() {
        var settlement = Settlement()
        var pauses: [Duration] = []
        while let pause = settlement.nextPause {
            pauses.append(pause)
            settlement.lookUpsDone += 1
        }
        #expect(pauses == [.zero, .seconds(2), .seconds(15)])
    }

    // MARK: The window

    @Test(
        "A record is ours from the first intent on, less what the clock may be wrong",
        arguments: [
            (.zero, 10_000, true), (.zero, 9_999, false), (.seconds(2), 8_000, true),
            (.seconds(2), 7_999, false), (.zero, nil, nil), (.milliseconds(2_001), 20_000, nil),
            (nil, 20_000, nil), (nil, 0, nil),
        ] as [(Duration?, Int64?, Bool?)]
    )
    func window(_ uncertainty: Duration?, _ createdAt: Int64?, _ isOurs: Bool?) {
        let window = OwnWindow(firstIntent: Self.intent, uncertainty: uncertainty)
        let time = createdAt.map(Timestamp.init(millisecondsSince1970:))
        // Where nothing is known, it is neither ours nor older.
        #expect(window.contains(time) == (isOurs ?? false))
        #expect(window.isOlder(time) == (isOurs.map { !$0 } ?? false))
    }
}
