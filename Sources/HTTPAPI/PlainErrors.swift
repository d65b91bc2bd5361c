import Hummingbird
import Logging

/// Turns every error of a route into its answer: plain text, or a problem detail for who asks for one.
struct PlainErrors: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        do {
            let response = try await next(request, context)
            guard response.status.code >= 400, ProblemDetail.isWanted(by: request.headers) else { return response }
            return try response.asProblem()
        } catch {
            let asProblem = ProblemDetail.isWanted(by: request.headers)
            guard let error = APIError(error, on: request.uri.path) else {
                logger.error(
                    "a request failed for a reason of our own",
                    metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
                return try .failure(.internalServerError, "internal error", asProblem: asProblem)
            }
            return try error.response(asProblem: asProblem)
        }
    }
}
