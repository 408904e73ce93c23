import Foundation
import Testing

@testable import PlugipaySandbox

@Suite("PageCursor, Base64URL, QueryString, ULIDGenerator")
struct PageCursorTests {
    @Test("A cursor is base64url JSON of createdAt and id")
    func cursor() throws {
        let cursor = PageCursor(createdAt: Timestamp(milliseconds: 1_767_225_600_007), id: "cus_1")
        let padded = cursor.text + String(repeating: "=", count: (4 - cursor.text.count % 4) % 4)
        let data = try #require(Data(base64Encoded: padded))
        let json = try JSONSerialization.jsonObject(with: data) as? [String: String]
        #expect(json == ["createdAt": "2026-01-01T00:00:00.007Z", "id": "cus_1"])
        #expect(PageCursor(text: cursor.text) == cursor)
    }

    @Test("Base64 agrees with Foundation at every length", arguments: 0..<40)
    func base64(length: Int) {
        let text = String((0..<length).map { Character(Unicode.Scalar(UInt8(33 + $0 * 2))) })
        let expected = Data(text.utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        #expect(Base64URL.encode(text) == expected)
        #expect(Base64URL.decode(expected) == Array(text.utf8))
    }

    @Test(
        "A query is decoded as a form",
        arguments: [
            ("/x?a=1&b=2", "1"), ("/x?b=2&a=%41%2B+%c3%a9", "A+ é"), ("/x?a=1&a=2", "1"),
            ("/x?a=b=c", "b=c"), ("/x?a=%4", "%4"), ("/x?a=%zz", "%zz"), ("/x?a=", nil),
            ("/x?a", nil), ("/x", nil), ("/x?", nil), ("/x?aa=1", nil),
        ] as [(String, String?)]
    )
    func query(target: String, value: String?) {
        #expect(QueryString(target: target)["a"] == value)
    }

    @Test("ULIDs grow, within a millisecond and when the clock goes back")
    func ulids() {
        var ids = ULIDGenerator(seed: 1)
        let times: [Int64] = [1_767_225_600_000, 1_767_225_600_000, 5, 1_767_225_600_001]
        let made = times.map { ids.next(at: Timestamp(milliseconds: $0)) }
        #expect(made == made.sorted())
        #expect(Set(made).count == 4)
        #expect(made.allSatisfy { $0.hasPrefix("01KDVDNA0") && $0.count == 26 }, "\(made)")
    }
}
