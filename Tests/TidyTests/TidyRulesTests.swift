import Testing

@Suite("The tidy rules find what they look for")
struct TidyRulesTests {
    private func file(_ text: String, at path: String = "Sources/RowIO/Row.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test("A finding reads as file:line: message")
    func findingText() {
        let finding = Finding("Sources/RowIO/Row.swift", line: 7, "a tab")
        #expect(finding.description == "Sources/RowIO/Row.swift:7: a tab")
    }

    // MARK: Sizes

    @Test("A line of 101 columns is found, one of 100 is not")
    func wideLine() {
        let wide = file(
            String(repeating: "a", count: 100) + "\n" + String(repeating: "ä", count: 101)
        )
        #expect(TidyRules.wideLines(wide).map(\.line) == [2])
    }

    @Test("Sources may have 400 lines and tests 600")
    func longFile() {
        func lines(_ count: Int, at path: String) -> [Finding] {
            TidyRules.longFile(file(String(repeating: "\n", count: count), at: path))
        }
        #expect(lines(400, at: "Sources/RowIO/Row.swift").isEmpty)
        #expect(lines(401, at: "Sources/RowIO/Row.swift").count == 1)
        #expect(lines(600, at: "Tests/RowIOTests/RowTests.swift").isEmpty)
        #expect(lines(601, at: "Tests/RowIOTests/RowTests.swift").count == 1)
    }

    @Test("The median is that of all files")
    func median() {
        let short = file("\n")
        let long = file(String(repeating: "\n", count: 121))
        #expect(TidyRules.longMedian([short, short, long]).isEmpty)
        #expect(TidyRules.longMedian([short, long, long]).count == 1)
    }

    @Test("A function of 60 lines is found, one of 59 is not", arguments: [57, 58])
    func longFunction(statements: Int) {
        let body = String(repeating: "    work()\n", count: statements)
        let found = TidyRules.longFunctions(file("struct A {\nfunc walk() {\n\(body)}\n}\n"))
        #expect(found.map(\.line) == (statements == 58 ? [2] : []))
    }

    @Test("Functions and initialisers have lengths; requirements and calls of init have none")
    func functions() {
        let code = file(
            """
            protocol Reader {
                init(limit: Int)
                func read() throws(InputError) -> Row?
                var position: Int { get }
            }
            struct A {
                init?(text: String) {
                    self.init(limit: 1)
                }
                func each(
                    _ body: () -> Void = { }
                ) async throws -> [Int] where Self: Sendable {
                    if true { body() }
                }
                static func == (a: A, b: A) -> Bool { true }
                let make = A.init
            }
            """
        )
        let found = FunctionFinder(code: code.code).functions
        #expect(found.map(\.name) == ["init", "each", "="])
        #expect(found.map(\.line) == [7, 10, 15])
        #expect(found.map(\.length) == [3, 5, 1])
    }

    // MARK: Words

    @Test(
        "A forbidden word is found",
        arguments: [
            "final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1",
            "let a = try! b()", "let a = b as! C", "Task.detached { }", "fatalError()",
            "URLSession.shared", "// TODO: later", "/* FIXME */", "print(1)", "let a = Date()",
            "let a: Date = Date.now", "init(clock: C = ContinuousClock()) {}",
            "let a = SuspendingClock().now", "var a = SystemRandomNumberGenerator()",
            "let a = ContinuousClock.now",
        ]
    )
    func forbiddenWord(line: String) {
        #expect(TidyRules.forbiddenWords(file("let ok = 1\n\(line)\n")).map(\.line) == [2])
    }

    @Test(
        "A word in a comment or a string, or inside a longer word, is none",
        arguments: [
            "// fatalError is not called", "/* a /* try! */ b as! c */", "let a = \"URLSession\"",
            "let a = \"\\(text(\"a\")) print(1)\"", "let a = #\"\" fatalError \\(b)\"#",
            "let a = \"\"\"\n    \"try!\" and print(1)\n    \"\"\"", "blueprint(1)",
            "let toDate = aDate()",
            "let a = \"\\\\\" // try!", "let NOTODOS = 1",
        ]
    )
    func innocentWord(line: String) {
        #expect(TidyRules.forbiddenWords(file(line)) == [])
    }

    @Test("Code after a string or a comment is code again")
    func maskEnds() {
        let text = "let a = \"\\\"\"; try! b()\n/* c */ try! d()\nlet e = #\"\"#; try! f()\n"
        #expect(TidyRules.forbiddenWords(file(text)).map(\.line) == [1, 2, 3])
    }

    @Test("Composition files may make clocks, commands may print")
    func exceptions() {
        let clock = "let clock = ContinuousClock()\n"
        #expect(TidyRules.forbiddenWords(file(clock, at: HouseRules.composition[0])).isEmpty)
        let command = "Sources/plugipay-batch/Render.swift"
        #expect(TidyRules.forbiddenWords(file("print(1)\n", at: command)).isEmpty)
        #expect(!TidyRules.forbiddenWords(file("fatalError()\n", at: command)).isEmpty)
    }

    // MARK: Imports

    @Test(
        "An import against the arrows is found",
        arguments: [
            ("Sources/RowIO/Row.swift", "import Foundation"),
            ("Sources/RowIO/Row.swift", "public import NIOCore"),
            ("Sources/Plugipay/Paging/Page.swift", "package import RowIO"),
            ("Sources/Plugipay/HTTP/Transport.swift", "import AsyncHTTPClient"),
            ("Sources/BatchCore/Import/ImportJob.swift", "import struct NIOCore.ByteBuffer"),
            ("Sources/BatchCore/Import/ImportJob.swift", "@preconcurrency import AsyncHTTPClient"),
            ("Sources/PlugipaySandbox/Sandbox.swift", "internal import Plugipay"),
            ("Sources/PlugipaySandbox/Sandbox.swift", "import BatchCore"),
            ("Sources/Elsewhere/File.swift", "import Synchronization"),
        ]
    )
    func strayImport(path: String, line: String) {
        #expect(TidyRules.imports(file("\(line)\n", at: path)).count == 1)
    }

    @Test(
        "An import along the arrows is fine",
        arguments: [
            ("Sources/RowIO/Row.swift", "package import SystemPackage"),
            ("Sources/RowIO/Row.swift", "import Glibc // import Foundation"),
            (HouseRules.loneImporters["AsyncHTTPClient"] ?? "", "import AsyncHTTPClient"),
            ("Sources/BatchCore/Import/ImportJob.swift", "package import Plugipay"),
            ("Sources/plugipay-batch/Signals.swift", "import UnixSignals"),
            ("Sources/RowIO/Row.swift", "let text = \"import Foundation\""),
        ]
    )
    func fineImport(path: String, line: String) {
        #expect(TidyRules.imports(file("\(line)\n", at: path)) == [])
    }

    @Test("Foundation may stand in for FoundationEssentials where a module may import that")
    func foundationInstead() {
        let text = """
            #if canImport(FoundationEssentials)
            import FoundationEssentials
            #else
            import Foundation
            #endif

            """
        #expect(TidyRules.imports(file(text, at: "Sources/Plugipay/Timestamp.swift")) == [])
        #expect(TidyRules.imports(file(text, at: "Sources/RowIO/Row.swift")).map(\.line) == [2, 4])
    }

    @Test("An import that Package.swift does not list for the target is found")
    func undeclaredImport() {
        let manifest = file(
            """
            .target(
                name: "RowIO",
                dependencies: ["CZlib"]
            ),
            .target(name: "Plugipay", dependencies: ["Crypto"]),
            """,
            at: "Package.swift"
        )
        let text = "import CZlib\nimport Crypto\nimport Synchronization\n"
        let found = TidyRules.undeclaredImports(file(text), manifest: manifest)
        #expect(found.map(\.line) == [2])
    }

    // MARK: Bytes

    @Test(
        "Untidy bytes are found",
        arguments: [
            ("a\n\tb\n", 2, "a tab"),
            ("a \nb\n", 1, "blanks at the end"),
            ("a\r\nb\n", 1, "blanks at the end"),
            ("a\nb", nil, "does not end with a newline"),
        ] as [(String, Int?, String)]
    )
    func untidyBytes(text: String, line: Int?, message: String) {
        let expected = Finding("a.swift", line: line, message)
        #expect(TidyRules.untidyBytes(path: "a.swift", bytes: Array(text.utf8)) == [expected])
    }

    @Test("Bytes that are not UTF-8 are found")
    func invalidUTF8() {
        let found = TidyRules.untidyBytes(path: "a.swift", bytes: [0x61, 0xE9, 0x0A])
        #expect(found == [Finding("a.swift", "not UTF-8")])
    }

    @Test("Tidy bytes are left alone")
    func tidyBytes() {
        #expect(TidyRules.untidyBytes(path: "a.swift", bytes: Array("a\n\n    ü\n".utf8)) == [])
    }
}
