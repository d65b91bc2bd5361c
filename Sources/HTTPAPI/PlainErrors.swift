import Hummingbird
import Logging

/// Turns every error of a route into its plain text answer.
struct PlainErrors: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return Self.response(to: error, on: request, logger)
        }
    }

    static func response(to error: any Error, on request: Request, _ logger: Logger) -> Response {
        if let error = APIError(error, on: request.uri.path) { return error.response }
        logger.error(
            "a request failed for a reason of our own",
            metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
        return .text("internal error", status: .internalServerError)
    }
}
