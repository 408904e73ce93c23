import HTTPTypes
import Hummingbird

/// The customer routes (contract, section 8).
struct CustomerRoutes: Sendable {
    let store: CustomerStore
    let profile: SandboxProfile
    let answers: AnswerBuilder

    func add(to group: RouterGroup<SandboxContext>) {
        group.post(use: create)
        group.get(use: list)
        group.get(":id", use: get)
        group.patch(":id", use: update)
        if profile.hasDelete { group.delete(":id", use: delete) }
    }

    @Sendable private func create(
        _ request: Request,
        _ context: SandboxContext
    ) async throws -> Response {
        let book = try context.book(for: .create)
        let key = try IdempotencyKey.read(request, isRequired: true)
        let operation = Self.operation { () throws(APIError) in
            .create(try CustomerBody.read(context.body.bytes, for: .create))
        }
        return try await write(operation, to: book, key: key, request, context)
    }

    @Sendable private func update(
        _ request: Request,
        _ context: SandboxContext
    ) async throws -> Response {
        let book = try context.book(for: .update)
        let key = try IdempotencyKey.read(request, isRequired: profile.patchNeedsKey)
        let id = try context.parameters.require("id")
        let purpose = CustomerBody.Purpose.update(takesMetadata: profile.patchTakesMetadata)
        let operation = Self.operation { () throws(APIError) in
            .update(id: id, try CustomerBody.read(context.body.bytes, for: purpose))
        }
        return try await write(operation, to: book, key: key, request, context)
    }

    @Sendable private func delete(
        _ request: Request,
        _ context: SandboxContext
    ) async throws -> Response {
        let book = try context.book(for: .delete)
        let key = try IdempotencyKey.read(request, isRequired: false)
        let id = try context.parameters.require("id")
        return try await write(.delete(id: id), to: book, key: key, request, context)
    }

    @Sendable private func get(
        _ request: Request,
        _ context: SandboxContext
    ) async throws -> Response {
        let book = try context.book(for: .read)
        let id = try context.parameters.require("id")
        guard let customer = try await store.customer(id: id, in: book) else {
            throw APIError.noCustomer
        }
        return answers.success(data: customer.json, context)
    }

    @Sendable private func list(
        _ request: Request,
        _ context: SandboxContext
    ) async throws -> Response {
        let book = try context.book(for: .read)
        let target = QueryString(target: request.head.path ?? "")
        let query = try ListQuery(target, profile: profile)
        let found = try await store.customers(query, in: book)
        let page = found.prefix(query.limit)
        let hasMore = found.count > page.count
        let cursor = page.last.map { PageCursor(createdAt: $0.createdAt, id: $0.id).text }
        return answers.page(
            items: page.map(\.json),
            limit: query.limit,
            cursor: hasMore ? cursor : nil,
            context
        )
    }
}

// MARK: - Writing

extension CustomerRoutes {
    private func write(
        _ operation: WriteRequest.Operation,
        to book: Book,
        key: String?,
        _ request: Request,
        _ context: SandboxContext
    ) async throws -> Response {
        let write = WriteRequest(
            book: book,
            operation: operation,
            method: request.method.rawValue,
            path: request.uri.path,
            idempotencyKey: key,
            bodyHash: context.body.hash,
            requestID: context.requestID,
            forgetsKey: context.faults.forgetsKey,
            lowercasesEmail: context.faults.lowercasesEmail
        )
        return answers.stored(try await store.writer.answer(write))
    }

    /// A body that is refused goes to the writer too: a known key is answered first.
    private static func operation(
        _ read: () throws(APIError) -> WriteRequest.Operation
    ) -> WriteRequest.Operation {
        do {
            return try read()
        } catch {
            return .refuse(error)
        }
    }
}

extension SandboxContext {
    /// The book of who asks, if the key has this scope.
    fileprivate func book(for scope: SandboxKey.Scopes) throws(APIError) -> Book {
        // Routes stand behind ``AuthenticationMiddleware``, so somebody asks.
        guard let principal else { throw .internalError }
        guard principal.scopes.isSuperset(of: scope) else {
            throw .insufficientScope("This key lacks the scope \(scope.wireName).")
        }
        return principal.book
    }
}
