/// One page of a list.
public struct Page<Element: Sendable>: Sendable {
    /// The items, in the server's order.
    public var items: [Element]
    /// The bytes of each item as they came, with all members, also those not known here.
    public var rawItems: [[UInt8]]
    /// Where the next page begins; `nil` where none is told.
    public var cursor: String?
    /// Whether there is a next page.
    ///
    /// `nil` from servers that do not say: then there is one when there is a cursor.
    public var hasMore: Bool?
    /// What the server told beside the items.
    public var meta: Envelope.Meta

    /// Whether the walk goes on after this page.
    public var isFollowed: Bool { hasMore ?? (cursor != nil) }

    /// The page in an answer.
    ///
    /// - Throws: The server's error; `invalid_response` where there is no list, or an item that
    ///   cannot be read. An item is never left out: a list that looks whole must be.
    init(
        _ response: Response,
        item: ([UInt8], Range<Int>) -> Element?
    ) throws(PlugipayError) {
        let envelope = try response.checked()
        guard case .array(let ranges) = envelope.data else {
            throw response.invalid("The answer has no list in it.")
        }
        items = []
        items.reserveCapacity(ranges.count)
        for (index, range) in ranges.enumerated() {
            guard let element = item(envelope.body, range) else {
                throw response.invalid("Item \(index + 1) of the list is not an object with an id.")
            }
            items.append(element)
        }
        rawItems = ranges.map { envelope.bytes($0) }
        cursor = envelope.meta.cursor
        hasMore = envelope.meta.hasMore
        meta = envelope.meta
    }
}
