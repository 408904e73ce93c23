/// The pages of a list, read one by one as they are asked for.
///
/// ```swift
/// for try await page in client.customers.pages(CustomerQuery(limit: 100, order: .ascending)) {
///     store(page.rawItems)
/// }
/// ```
///
/// The walk ends with an error (`broken_paging`) instead of going round in circles or leaving
/// something out: when a cursor comes again, when a page holds only customers that were on pages
/// before, and when there is said to be more without a cursor.
public struct PageSequence: AsyncSequence, Sendable {
    /// The pages are of customers.
    public typealias Element = Page<Customer>
    /// A walk ends early with the error of the client or the server.
    public typealias Failure = PlugipayError

    let customers: CustomersResource
    let query: CustomerQuery
    let options: CallOptions

    /// Starts a walk at the first page.
    ///
    /// Nothing is sent before the first page is asked for.
    public func makeAsyncIterator() -> Iterator {
        Iterator(sequence: self)
    }

    /// A walk through the pages.
    public struct Iterator: AsyncIteratorProtocol {
        let sequence: PageSequence
        private var walk = PageWalk()

        init(sequence: PageSequence) {
            self.sequence = sequence
        }

        /// Reads the next page; `nil` after the last one.
        public mutating func next() async throws(PlugipayError) -> Page<Customer>? {
            guard !walk.isFinished else { return nil }
            let page = try await sequence.customers.list(
                sequence.query,
                cursor: walk.cursor,
                options: sequence.options
            )
            try walk.advance(
                ids: page.items.map(\.id),
                cursor: page.cursor,
                isFollowed: page.isFollowed
            )
            return page
        }

        /// Reads the next page; `nil` after the last one.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PlugipayError) -> Page<Customer>? {
            try await next()
        }
    }
}

/// The customers of a list, page after page.
///
/// It ends as ``PageSequence`` does, after the customers of all pages that were in order.
public struct CustomerSequence: AsyncSequence, Sendable {
    /// The items are customers.
    public typealias Element = Customer
    /// A walk ends early with the error of the client or the server.
    public typealias Failure = PlugipayError

    let pages: PageSequence

    /// Starts a walk at the first customer.
    ///
    /// Nothing is sent before it is asked for.
    public func makeAsyncIterator() -> Iterator {
        Iterator(pages: pages.makeAsyncIterator())
    }

    /// A walk through the customers.
    public struct Iterator: AsyncIteratorProtocol {
        private var pages: PageSequence.Iterator
        private var items: ArraySlice<Customer> = []

        init(pages: PageSequence.Iterator) {
            self.pages = pages
        }

        /// The next customer; reads a page when those of the last one are used up.
        public mutating func next() async throws(PlugipayError) -> Customer? {
            while items.isEmpty {
                // A page may be empty and the list still go on.
                guard let page = try await pages.next() else { return nil }
                items = page.items[...]
            }
            return items.popFirst()
        }

        /// The next customer; reads a page when those of the last one are used up.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PlugipayError) -> Customer? {
            try await next()
        }
    }
}

extension CustomersResource {
    /// The pages of a list, read as they are asked for.
    public func pages(
        _ query: CustomerQuery = CustomerQuery(limit: CustomerQuery.maximumLimit),
        options: CallOptions = CallOptions()
    ) -> PageSequence {
        PageSequence(customers: self, query: query, options: options)
    }

    /// All customers of a list, read page by page as they are asked for.
    public func all(
        _ query: CustomerQuery = CustomerQuery(limit: CustomerQuery.maximumLimit),
        options: CallOptions = CallOptions()
    ) -> CustomerSequence {
        CustomerSequence(pages: pages(query, options: options))
    }
}
