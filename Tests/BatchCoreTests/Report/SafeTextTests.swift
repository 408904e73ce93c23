import BatchCore
import Testing

@Suite("Text that may be shown")
struct SafeTextTests {
    @Test(
        "Control characters and marks of direction are written out",
        arguments: [
            ("a\nb", #"a\nb"#),
            ("a\r\tb", #"a\r\tb"#),
            ("\u{1B}[2J", #"\u{1B}[2J"#),
            ("\u{0}", #"\u{0}"#),
            ("\u{7F}\u{9B}31m", #"\u{7F}\u{9B}31m"#),
            ("abc\u{202E}txt.exe", #"abc\u{202E}txt.exe"#),
            ("\u{2066}x\u{2069}\u{200F}\u{61C}", #"\u{2066}x\u{2069}\u{200F}\u{61C}"#),
            ("one\u{2028}two", #"one\u{2028}two"#),
            ("a\r\n", #"a\r\n"#),
        ]
    )
    func escapes(_ text: String, _ shown: String) {
        #expect(SafeText(text).description == shown)
    }

    @Test(
        "Every other text stays as it is",
        arguments: ["", "plain text", "Zoë 山田 👩‍👩‍👧", #"C:\temp"#, "e\u{301}"]
    )
    func keeps(_ text: String) {
        #expect(Array(SafeText(text).description.utf8) == Array(text.utf8))
    }
}
