import BatchCore
import PlugipaySandbox

/// What a shell needs to talk to a sandbox.
struct SandboxExports {
    /// Where the sandbox listens.
    let address: SandboxAddress

    /// The lines that a shell can evaluate.
    var lines: [String] {
        [
            "export PLUGIPAY_BASE_URL=\(ResumeCommand.quoted(baseURL))",
            "export PLUGIPAY_KEY_ID=\(SandboxKey.standard.id)",
            "export PLUGIPAY_SECRET=\(SandboxKey.standard.secret ?? "")",
        ]
    }

    /// Prints them in one piece; a reader that has gone does not stop the sandbox.
    func print(to screen: Screen) {
        do {
            try Render.line(lines.joined(separator: "\n"))
        } catch {
            screen.error(error.message)
        }
    }

    /// A client on this machine cannot connect to "every address", but to the loopback one.
    private var baseURL: String {
        switch address.host {
        case "0.0.0.0": "http://127.0.0.1:\(address.port)"
        case "::": "http://[::1]:\(address.port)"
        default: address.baseURL
        }
    }
}
