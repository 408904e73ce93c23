import GRDB

/// Carries out writes one after the other, inside the transaction of their batch.
///
/// When a batch rolls back, the ids that it took are lost; they only have to grow.
struct CustomerWriter: Sendable {
    private let profile: SandboxProfile
    private let idempotencyTTL: Duration
    private var ids: ULIDGenerator
    private var latest: Timestamp

    /// `latest` is after every `createdAt` of the book: times and ids only grow.
    init(
        profile: SandboxProfile,
        idempotencyTTL: Duration,
        seed: UInt64,
        latest: Timestamp
    ) {
        self.profile = profile
        self.idempotencyTTL = idempotencyTTL
        self.latest = latest
        ids = ULIDGenerator(seed: seed, notBefore: latest)
    }

    /// The stored answer of the write's key, or a new one.
    ///
    /// Refusals are thrown as ``APIError`` and not stored (contract, section 10).
    mutating func answer(
        _ write: WriteRequest,
        at now: Timestamp,
        in db: Database
    ) throws -> StoredAnswer {
        let keys = IdempotencyTable(db: db)
        if let key = write.idempotencyKey,
            let stored = try keys.answer(to: write, key: key, at: now)
        {
            return stored
        }
        latest = max(now, latest)
        let answer = try perform(write, at: now, in: db)
        if let key = write.idempotencyKey, !write.forgetsKey {
            let expiry = Timestamp(
                milliseconds: now.milliseconds
                    + Timestamp(sinceEpoch: idempotencyTTL).milliseconds
            )
            try keys.store(answer, to: write, key: key, until: expiry)
        }
        return answer
    }

    private mutating func perform(
        _ write: WriteRequest,
        at now: Timestamp,
        in db: Database
    ) throws -> StoredAnswer {
        let envelope = Envelope(requestID: write.requestID, time: now, profile: profile)
        let table = CustomerTable(db: db, book: write.book)
        switch write.operation {
        case .create(let changes):
            let customer = try create(changes, for: write, in: table)
            return StoredAnswer(status: 201, body: envelope.success(data: customer.json))
        case .update(let id, let changes):
            let customer = try update(id, changes, for: write, in: table)
            return StoredAnswer(status: 200, body: envelope.success(data: customer.json))
        case .delete(let id):
            guard try table.delete(id: id) else { throw APIError.noCustomer }
            return StoredAnswer(status: 204, body: "")
        case .refuse(let error):
            throw error
        }
    }

    private mutating func create(
        _ changes: [CustomerChange],
        for write: WriteRequest,
        in table: CustomerTable
    ) throws -> Customer {
        var customer = Customer(
            id: "cus_" + ids.next(at: latest),
            workspace: write.book.workspace,
            fields: CustomerFields(),
            createdAt: latest,
            updatedAt: latest
        )
        customer.apply(changes, for: write)
        try table.insert(customer)
        try CreateLog(db: table.db).append(customer, write)
        return customer
    }

    private func update(
        _ id: String,
        _ changes: [CustomerChange],
        for write: WriteRequest,
        in table: CustomerTable
    ) throws -> Customer {
        guard var customer = try table.find(id: id) else { throw APIError.noCustomer }
        customer.apply(changes, for: write)
        customer.updatedAt = latest
        try table.update(customer)
        return customer
    }
}

extension Customer {
    fileprivate mutating func apply(_ changes: [CustomerChange], for write: WriteRequest) {
        fields.apply(changes)
        if write.lowercasesEmail { fields[.email] = fields[.email]?.lowercased() }
    }
}
