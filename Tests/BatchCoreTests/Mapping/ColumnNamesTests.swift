import Testing

@testable import BatchCore

@Suite("The names of --columns")
struct ColumnNamesTests {
    @Test(
        "stand between commas, without blanks around them; an empty one leaves its column out",
        arguments: [
            ("email", ["email"]), ("a, b\t,c", ["a", "b", "c"]),
            (",,email,", ["", "", "email", ""]),
        ]
    )
    func names(_ text: String, _ expected: [String]) {
        #expect(ColumnNames(text)?.names == expected)
    }

    @Test("are at least one", arguments: ["", " ", ",", " , \t"])
    func none(_ text: String) {
        #expect(ColumnNames(text) == nil)
    }
}
