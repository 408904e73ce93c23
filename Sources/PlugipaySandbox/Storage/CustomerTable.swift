import GRDB

/// The statements on the customers of a book.
struct CustomerTable {
    let db: Database
    let book: Book

    func find(id: String) throws -> Customer? {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM customer WHERE id = ? AND workspace = ? AND mode = ?"
        )
        return try Row.fetchOne(statement, arguments: [id, book.workspace, book.mode.rawValue])
            .map(Self.customer)
    }

    func insert(_ customer: Customer) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        var values: [(any DatabaseValueConvertible)?] = [
            customer.id, book.workspace, book.mode.rawValue,
        ]
        values += CustomerField.allCases.map { customer.fields[$0] }
        values += [customer.createdAt.milliseconds, customer.updatedAt.milliseconds]
        try refusingTakenExternalID { try statement.execute(arguments: StatementArguments(values)) }
    }

    func update(_ customer: Customer) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE customer SET externalID = ?, email = ?, name = ?, phone = ?, taxID = ?,
                    defaultPaymentTokenID = ?, metadata = ?, updatedAt = ?
                WHERE id = ? AND workspace = ? AND mode = ?
                """
        )
        var values: [(any DatabaseValueConvertible)?] = CustomerField.allCases.map {
            customer.fields[$0]
        }
        values += [
            customer.updatedAt.milliseconds, customer.id, book.workspace, book.mode.rawValue,
        ]
        try refusingTakenExternalID { try statement.execute(arguments: StatementArguments(values)) }
    }

    /// Whether there was such a customer.
    func delete(id: String) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "DELETE FROM customer WHERE id = ? AND workspace = ? AND mode = ?"
        )
        try statement.execute(arguments: [id, book.workspace, book.mode.rawValue])
        return db.changesCount > 0
    }

    /// Up to `query.limit` + 1 customers: the one too many says that there is another page.
    func list(_ query: ListQuery) throws -> [Customer] {
        var sql = "SELECT * FROM customer WHERE workspace = ? AND mode = ?"
        var values: [any DatabaseValueConvertible] = [book.workspace, book.mode.rawValue]
        if let email = query.email {
            sql += " AND email = ?"
            values.append(email)
        }
        if let externalID = query.externalID {
            sql += " AND externalID = ?"
            values.append(externalID)
        }
        if let time = query.createdAfter {
            sql += " AND createdAt > ?"
            values.append(time.milliseconds)
        }
        if let cursor = query.cursor {
            sql += " AND (createdAt, id) \(query.isAscending ? ">" : "<") (?, ?)"
            values += [cursor.createdAt.milliseconds, cursor.id]
        }
        let direction = query.isAscending ? "ASC" : "DESC"
        sql += " ORDER BY createdAt \(direction), id \(direction) LIMIT \(query.limit + 1)"
        let statement = try db.cachedStatement(sql: sql)
        return try Row.fetchAll(statement, arguments: StatementArguments(values))
            .map(Self.customer)
    }

    private static func customer(_ row: Row) -> Customer {
        var fields = CustomerFields()
        for field in CustomerField.allCases { fields[field] = row[3 + field.rawValue] }
        return Customer(
            id: row["id"],
            workspace: row["workspace"],
            fields: fields,
            createdAt: Timestamp(milliseconds: row["createdAt"]),
            updatedAt: Timestamp(milliseconds: row["updatedAt"])
        )
    }

    /// The id of a new customer is unique by construction: only the externalId can be taken.
    private func refusingTakenExternalID(_ change: () throws -> Void) throws {
        do {
            try change()
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
        {
            throw APIError.externalIDTaken
        }
    }
}
