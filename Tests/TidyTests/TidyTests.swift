import Foundation
import Testing

@Suite("The house is tidy")
struct TidyTests {
    private let sources: [SourceFile]
    private let tests: [SourceFile]
    private let manifest: SourceFile

    /// Read once: a suite is made anew for each of its tests.
    private static let files = Result {
        (
            sources: try House.swiftFiles(under: "Sources"),
            tests: try House.swiftFiles(under: "Tests"),
            manifest: try House.swiftFile("Package.swift")
        )
    }

    init() throws {
        (sources, tests, manifest) = try Self.files.get()
        try #require(!sources.isEmpty && !tests.isEmpty)
    }

    private func expectNone(
        _ findings: [Finding],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for finding in findings {
            Issue.record(Comment(rawValue: finding.description), sourceLocation: sourceLocation)
        }
    }

    // MARK: Swift files

    @Test("No line is wider than a screen")
    func lineWidth() {
        expectNone((sources + tests + [manifest]).flatMap(TidyRules.wideLines))
    }

    @Test("No file is too long to be read at a sitting")
    func fileLength() {
        expectNone((sources + tests).flatMap(TidyRules.longFile))
        expectNone(TidyRules.longMedian(sources))
    }

    @Test("No function is longer than a screen")
    func functionLength() {
        expectNone((sources + tests).flatMap(TidyRules.longFunctions))
    }

    @Test("Every module imports only what its place in the house allows")
    func imports() {
        expectNone(sources.flatMap(TidyRules.imports))
    }

    @Test("Package.swift lists every module that a target imports")
    func declaredImports() {
        expectNone(sources.flatMap { TidyRules.undeclaredImports($0, manifest: manifest) })
    }

    @Test("Sources hold none of the forbidden words")
    func forbiddenWords() {
        expectNone(sources.flatMap(TidyRules.forbiddenWords))
    }

    @Test("Every exception that HouseRules makes is for a file or folder that exists")
    func exceptionsExist() {
        let paths = HouseRules.composition + HouseRules.loneImporters.values
        for path in paths {
            #expect((try? House.url(path).checkResourceIsReachable()) == true, "\(path)")
        }
    }

    @Test("Source files are UTF-8 without tabs and trailing blanks and end with a newline")
    func bytes() throws {
        for path in try House.files(under: "Sources") {
            expectNone(TidyRules.untidyBytes(path: path, bytes: try House.bytes(path)))
        }
    }

    // MARK: Folders

    @Test("Every test folder mirrors a module, and every folder in it one of the module's")
    func mirror() throws {
        let modules = try House.folders(in: "Sources")
        for folder in try House.folders(in: "Tests")
        where !HouseRules.otherTestFolders.contains(folder) {
            let module = String(folder.dropLast("Tests".count))
            guard folder.hasSuffix("Tests"), modules.contains(module) else {
                expectNone([Finding("Tests/\(folder)", "mirrors no module of Sources")])
                continue
            }
            let mirrored = Set(try House.folders(in: "Sources/\(module)"))
            let allowed = mirrored.union(HouseRules.testDataFolders)
            let strays = try House.folders(in: "Tests/\(folder)").filter { !allowed.contains($0) }
            expectNone(
                strays.map {
                    Finding("Tests/\(folder)/\($0)", "mirrors no folder of Sources/\(module)")
                }
            )
        }
    }

    @Test("Every library has a test folder", arguments: HouseRules.libraries)
    func testFolder(module: String) {
        #expect(House.isFolder("Tests/\(module)Tests"))
    }

    // MARK: Scripts, samples, README

    @Test("Scripts can be run and stop at the first error", arguments: HouseRules.scripts)
    func script(path: String) throws {
        #expect(House.isExecutable(path), "\(path): chmod +x")
        let text = String(decoding: try House.bytes(path), as: UTF8.self)
        #expect(text.hasPrefix("#!/usr/bin/env bash\n"), "\(path):1: no shebang")
        #expect(text.contains("\nset -euo pipefail\n"), "\(path): no set -euo pipefail")
    }

    @Test("Samples are there", arguments: HouseRules.samples)
    func sample(path: String) throws {
        #expect(try !House.bytes(path).isEmpty)
    }

    @Test("The README names every module, script and sample")
    func readme() throws {
        let text = String(decoding: try House.bytes("README.md"), as: UTF8.self)
        let modules = try House.folders(in: "Sources")
        for name in modules + HouseRules.scripts + HouseRules.samples {
            #expect(text.contains(name), "README.md: does not name \(name)")
        }
    }

    @Test(
        "Every file that a document links to is there",
        arguments: ["README.md", "docs/nightly.md"]
    )
    func links(path: String) throws {
        let text = String(decoding: try House.bytes(path), as: UTF8.self)
        let targets = text.matches(of: /\]\(([^)#:]+)\)/).map { String($0.1) }
        try #require(!targets.isEmpty)
        for target in targets {
            let url = House.url(path).deletingLastPathComponent().appending(path: target)
            #expect((try? url.checkResourceIsReachable()) == true, "\(path): no \(target)")
        }
    }
}
