import Hummingbird

/// Refuses URIs that are longer than any that the API has a meaning for.
struct URILimit: RouterMiddleware {
    /// In octets.
    let limit: Int

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let octets = request.uri.string.utf8.count
        guard octets <= limit else { throw APIError.uriTooLong(octets: octets, limit: limit) }
        return try await next(request, context)
    }
}
