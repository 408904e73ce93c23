import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite("What a job leaves behind tells nothing of the people in it", .serialized)
struct EndToEndPrivacyTests {
    private static let canaries = [
        "canary.mail", "Canary Name", "+1 555 0199", "CANARYTAX", "canarynote",
        EndToEndServer.secret,
    ]

    /// Rows that are created, invalid in each field, refused by the server, and in doubt.
    ///
    /// Rows without an externalId wait for look-ups while they are in doubt: two are enough.
    private static var people: String {
        var text = "externalId,email,name,phone,taxId,metadata.note\n"
        for number in 1...60 {
            let name = "Canary Name \(number)"
            let rest = "\(name),+1 555 0199 \(number),CANARYTAX\(number),canarynote \(number)\n"
            let id = number % 30 == 9 ? "" : "p\(number)"
            let mail =
                number % 10 == 1 ? "canary.mail\(number)" : "canary.mail\(number)@example.com"
            text += "\(id),\(mail),\(rest)"
        }
        text += "q1,canary.mail@example.com,\"Canary Name\" bad,,,\n"
        text += "q2,canary.mail@example.com,Canary Name \(String(repeating: "n", count: 300)),,,\n"
        text += "q3,canary.mail@example.com,Canary Name,,,a,surplus canarynote\n"
        text += "q4,canary.mail@example.com,\"Canary Name never closed,,,\n"
        return text
    }

    @Test("No e-mail, name, phone or secret stands in any file but the rejects, nor on the screen")
    func canaries() async throws {
        let seed = EndToEndSeed.fresh("canaries")
        let folder = try CommandLineFolder()
        try folder.write("people.csv", Self.people)
        let faults = [
            // Few enough for the first request of a run to come through within half a minute.
            "lost-response=0.06", "error=0.06", "reset=0.03", "html=0.03", "garbage=0.03",
            "normalize=0.5",
        ]
        let arguments = ["--fault"] + faults + ["--seed", "\(seed)"]
        try await EndToEndServer.serving(arguments) { server in
            var screens: [String] = []
            // As it is; what was there before; and edited, so that rows are refused by the server.
            for (job, policy) in [("one.job", "skip"), ("two.job", "update"), ("two.job", "fail")] {
                if policy == "fail" {
                    let edited = Self.people.replacing("Canary Name 1", with: "Canary Name X1")
                    try folder.write("people.csv", edited)
                }
                let run = try await folder.runImport(
                    "people.csv",
                    "--job",
                    job,
                    "--on-conflict",
                    policy,
                    to: server
                )
                #expect(run.exit == 1, "\(run.errors)")
                screens += [run.output, run.errors]
                if policy == "fail" { #expect(try run.summary["rejected"] > 0) }
                let status = try await folder.runProgram(["status", job])
                screens += [status.output, status.errors]
            }
            let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
                .filter { $0.contains(".job/") && !$0.contains("rejects") }
            #expect(files.count >= 6)
            for canary in Self.canaries {
                for screen in screens { #expect(!screen.contains(canary)) }
                for file in files {
                    let hit = try Data(folder.bytes(file)).range(of: Data(canary.utf8))
                    #expect(hit == nil, "\(canary) in \(file)")
                }
            }
            // The canaries do sing where they are meant to.
            #expect(try folder.read("one.job/rejects.csv").contains("Canary Name"))
        }
    }

    @Test("The folder is the owner's alone, whatever the umask")
    func modes() async throws {
        let folder = try CommandLineFolder()
        try folder.take("dirty.csv")
        try await EndToEndServer.serving { server in
            let result = try await Subprocess.run(
                .path("/bin/sh"),
                arguments: [
                    "-c", "umask 0; exec \"$0\" import dirty.csv --rate 0",
                    CommandLineFolder.program.string,
                ],
                environment: CommandLineFolder.environment(server.environment),
                workingDirectory: FilePath(folder.path),
                input: .none,
                output: .discarded,
                error: .discarded
            )
            #expect(result.terminationStatus == .exited(1))
        }
        #expect(folder.mode(of: "dirty.job") == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("dirty.job"))
        #expect(
            Set(files).isSuperset(of: [
                "journal.sqlite", "results.csv", "rejects.csv", "summary.json",
            ])
        )
        for file in files { #expect(folder.mode(of: "dirty.job/\(file)") == 0o600, "\(file)") }
    }

    @Test(
        "A link in the place of a file is not followed, and what it points to stays as it is",
        arguments: ["results.csv", "summary.json", "rejects.csv", "journal.sqlite"]
    )
    func links(_ name: String) async throws {
        let folder = try CommandLineFolder()
        try folder.take("dirty.csv")
        try folder.write("precious", "as it was")
        folder.setMode(0o644, of: "precious")
        try FileManager.default.createDirectory(
            atPath: folder.file("dirty.job"),
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        folder.link("precious", as: "dirty.job/\(name)")
        try await EndToEndServer.serving { server in
            let refused = try await folder.runImport("dirty.csv", to: server)
            #expect(refused.exit == 3)
            #expect(refused.errors.contains("dirty.job/\(name)"))
            #expect(try folder.read("precious") == "as it was")
            // Without the link the same command finishes.
            try FileManager.default.removeItem(atPath: folder.file("dirty.job/\(name)"))
            let run = try await folder.runImport("dirty.csv", to: server)
            #expect(run.exit == 1, "\(run.errors)")
            #expect(try folder.results("dirty.job").count == 29)
            #expect(try await server.creates().count == 4)
        }
        #expect(try folder.read("precious") == "as it was")
        #expect(folder.mode(of: "precious") == 0o644)
    }

    @Test("A cell of the results that a spreadsheet would compute is text")
    func formulas() async throws {
        let folder = try CommandLineFolder()
        let ids = ["=1+1", "+1", "-1", "@SUM(A1)", "plain", "a=1"]
        let rows = ids.enumerated().map { "\($1),p\($0)@example.com\n" }
        try folder.write("people.csv", "externalId,email\n" + rows.joined() + "=2,nobody\n")
        try await EndToEndServer.serving { server in
            let run = try await folder.runImport("people.csv", to: server)
            #expect(run.exit == 1)
            #expect(Set(try await server.creates().compactMap(\.externalId)) == Set(ids))
        }
        let shown = try folder.results("people.job").map { $0["external_id"] }
        #expect(shown == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "plain", "a=1", "'=2"])
        #expect(try folder.read("people.job/rejects.csv") == "externalId,email\n=2,nobody\n")
    }
}
