/// Something that goes wrong on purpose, on any customer route.
///
/// `reset`, `error` and `html` strike before the work: nothing has happened on the server.
/// `lost-response`, `garbage` and `truncated` strike after it: what was asked for is committed.
/// `slow`, `forget` and `normalize` change how the request is served and combine with the others.
public enum FaultKind: String, CaseIterable, Sendable {
    /// The connection is cut by RST before the work.
    case reset
    /// The work is committed, then the connection is closed without an answer.
    case lostResponse = "lost-response"
    /// 500, 502, 503 or 504 with the envelope, before the work.
    case error
    /// 502 with the HTML page of a proxy, before the work.
    case html
    /// 200 with a body that is not JSON, after the work.
    case garbage
    /// The body ends half way through its `Content-Length`, after the work.
    case truncated
    /// The answer takes 2 to 5 seconds longer.
    case slow
    /// The idempotency store does not remember this request's key.
    case forget
    /// E-mail addresses are stored in lower case.
    case normalize
}
