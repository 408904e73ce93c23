/// What the user is told of a server that is lost and comes back: the same words in every command,
/// and none of a foreign body.
struct ServerTrouble {
    /// The base URL.
    let endpoint: String
    /// What went wrong last; `nil` where nobody knows.
    let lastFault: Answer.Fault?

    /// The server has never answered well in this run.
    var neverWell: RunNote {
        RunNote(.warning, "no good answer from \(endpoint)\(lastWords)")
    }

    /// The server had been well.
    var lost: RunNote {
        let code = lastFault.map { ": \($0.code)" } ?? ""
        return RunNote(
            .warning,
            "the server has stopped answering well\(code); asking until it is back"
        )
    }

    /// The server is back.
    ///
    /// - Parameter time: How long it was away.
    /// - Returns: The note.
    static func back(after time: Duration) -> RunNote {
        let words = DurationWords.text(seconds: Int(time.wholeSeconds))
        return RunNote(.info, "the server answers again, after \(words)")
    }

    /// The end of a run that has waited long enough.
    ///
    /// - Parameter hasAnsweredWell: Whether the server had been well in this run; else it is rather
    ///   an address that is wrong.
    /// - Returns: The end.
    func end(hasAnsweredWell: Bool) -> RunEnd {
        if hasAnsweredWell { return .outage("the server at \(endpoint) is down\(lastWords)") }
        let message = "no good answer from \(endpoint)\(lastWords) Check --base-url"
        return .failed(BatchError(.neverAnswered, message))
    }

    private var lastWords: String {
        guard let fault = lastFault else { return "." }
        return fault.status == 0
            ? ": \(fault.message)" : ": the last answer was \(fault.status) \(fault.code)."
    }
}

extension Duration {
    /// Whole seconds, rounded up.
    var wholeSeconds: Int64 {
        components.seconds + (components.attoseconds > 0 ? 1 : 0)
    }
}
