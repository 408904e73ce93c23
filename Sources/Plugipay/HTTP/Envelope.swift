/// The form in which the API answers: `data`, `error` and `meta`.
///
/// Read tolerantly: members that are not known are passed over, all of `meta` may be missing, and
/// both ways of telling about pages are understood (`meta.cursor` and `meta.hasMore`, else
/// `meta.page.nextCursor` and `meta.page.hasMore`).
public struct Envelope: Sendable {
    /// What a body turned out to be.
    public enum Content: Sendable {
        /// There is no body: of a 2xx, success without data.
        case empty
        /// The body has the form of the API.
        case envelope(Envelope)
        /// The body is something else: an HTML page, another API, broken JSON.
        case other
    }

    /// The `data` member, as positions in ``body``.
    public enum Payload: Sendable, Hashable {
        /// `null`, or not there.
        case none
        /// One record: the bytes from `{` to `}`.
        case object(Range<Int>)
        /// A list: the bytes of each item.
        case array([Range<Int>])
        /// A text, a number or a truth value.
        case scalar(Range<Int>)
    }

    /// The `error` member.
    ///
    /// What is missing is `nil`.
    public struct ErrorObject: Sendable, Hashable {
        /// The code as it came.
        public var code: String?
        /// One sentence for people.
        public var message: String?
        /// The member at fault: `param`, else `field`.
        public var field: String?
    }

    /// The `meta` member.
    ///
    /// What is missing is `nil`.
    public struct Meta: Sendable, Hashable {
        /// The server's name for the request.
        public var requestID: String?
        /// The server's clock when it answered.
        public var timestamp: Timestamp?
        /// Whether ``timestamp`` came with a fraction of a second.
        public var isTimestampExact = false
        /// Where the next page begins; opaque.
        ///
        /// Never empty.
        public var cursor: String?
        /// Whether there is a next page.
        public var hasMore: Bool?
    }

    /// More items in one list than this are refused; the API sends at most 100.
    public static let maximumItems = 10_000

    /// The whole body, into which the positions point.
    public let body: [UInt8]
    /// The `data` member.
    public let data: Payload
    /// The `error` member; `nil` where it is `null` or not there.
    public let error: ErrorObject?
    /// The `meta` member.
    public let meta: Meta

    /// The envelope of an answer; `nil` where the body is empty or something else.
    public static func parse(_ response: Response) -> Envelope? {
        guard case .envelope(let envelope) = response.content else { return nil }
        return envelope
    }

    /// What `body` is.
    ///
    /// An object counts as envelope when it has a `data` or an `error` member, and `error`, where
    /// it is there, is an object or `null`.
    public static func read(_ body: [UInt8]) -> Content {
        var reader = JSONReader(body)
        reader.skipByteOrderMark()
        if reader.isAtEnd() { return .empty }
        var parser = EnvelopeParser(body)
        guard (try? parser.parse(&reader)) != nil, reader.isAtEnd(), parser.isEnvelope else {
            return .other
        }
        return .envelope(
            Envelope(body: body, data: parser.data, error: parser.error, meta: parser.meta)
        )
    }

    /// The bytes of a payload's part.
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        Array(body[range])
    }
}
