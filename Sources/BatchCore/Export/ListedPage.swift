import Plugipay

/// One page of the book, as far as a walk needs to know it.
struct ListedPage: Sendable {
    /// A customer on the page.
    struct Item: Sendable, Hashable {
        /// The server's identifier.
        var id: String
        /// When it was created; `nil` where the server does not say, or not in a way to be read.
        var place: BookPlace?
        /// Where its object stands in the page's body.
        var range: Range<Int>
    }

    /// The customers, in the server's order.
    var items: [Item]
    /// The whole answer, into which the items' ranges point.
    var body: [UInt8]
    /// Where the next page begins; `nil` where none is told.
    var cursor: String?
    /// Whether there is a page after this one.
    var isFollowed: Bool
}

extension ListedPage {
    /// The page in an answer whose records have been read; `nil` where it holds no list.
    ///
    /// - Parameters:
    ///   - records: The customers that were found in the answer, in its order.
    ///   - response: The answer.
    init?(_ records: [Customer], in response: Response) {
        guard case .envelope(let envelope) = response.content,
            case .array(let ranges) = envelope.data, ranges.count == records.count,
            // The bytes go to the file as they are, and must be JSON (RFC 8259, section 8.1).
            String(validating: response.body, as: UTF8.self) != nil
        else { return nil }
        self.init(
            items: zip(records, ranges).map {
                Item(id: $0.id, place: BookPlace(of: $0), range: $1)
            },
            body: envelope.body,
            cursor: envelope.meta.cursor,
            isFollowed: envelope.meta.hasMore ?? (envelope.meta.cursor != nil)
        )
    }
}
