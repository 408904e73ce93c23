import Hummingbird
import Logging
import NIOCore

/// Turns every refusal into an answer with the envelope.
struct ErrorMiddleware: RouterMiddleware {
    let answers: AnswerBuilder

    func handle(
        _ request: Request,
        context: SandboxContext,
        next: NextResponder
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as APIError {
            return answers.failure(error, context)
        } catch is NIOTooManyBytesError {
            return answers.failure(.bodyTooLarge, context)
        } catch let error as HTTPError where error.status == .notFound {
            return answers.failure(.noRoute, context)
        } catch let error as ConnectionCut {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            context.logger.error("A request failed", metadata: ["error": "\(error)"])
            return answers.failure(.internalError, context)
        }
    }
}
