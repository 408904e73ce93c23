import Hummingbird
import Synchronization

/// Counts the requests of this run by method and status, faulted ones too.
final class RequestTally: RouterMiddleware {
    typealias Context = SandboxContext

    /// Stands for the status where the connection was cut before any answer.
    static let cut = 0

    private let counts = Mutex<[String: [Int: Int]]>([:])

    func handle(
        _ request: Request,
        context: SandboxContext,
        next: NextResponder
    ) async throws -> Response {
        guard !request.uri.path.hasPrefix(OracleRoutes.prefix) else {
            return try await next(request, context)
        }
        do {
            let response = try await next(request, context)
            count(request, response.status.code)
            return response
        } catch {
            count(request, Self.cut)
            throw error
        }
    }

    private func count(_ request: Request, _ status: Int) {
        counts.withLock { $0[request.method.rawValue, default: [:]][status, default: 0] += 1 }
    }

    /// The counts as an object: `{"total":2,"methods":{"GET":{"200":1},"POST":{"0":1}}}`.
    var json: String {
        let counts = counts.withLock { $0 }
        let total = counts.values.flatMap(\.values).reduce(0, +)
        let methods = counts.sorted { $0.key < $1.key }.map { method, statuses in
            let members = statuses.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }
            return "\"\(method)\":{\(members.joined(separator: ","))}"
        }
        return "{\"total\":\(total),\"methods\":{\(methods.joined(separator: ","))}}"
    }
}
