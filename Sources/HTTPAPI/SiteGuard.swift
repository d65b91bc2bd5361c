import DNS
import HTTPTypes
import Hummingbird
import Registry

/// Keeps web pages of other sites away from an API that has no passwords.
///
/// A page can point a name of its own at 127.0.0.1 (DNS rebinding): requests that come in through a loopback address
/// must therefore be for an IP address, `localhost` or a name of this agent. And a page can send a write blindly to any
/// address: writes with an Origin must come from a page of this very host and port.
struct SiteGuard: RouterMiddleware {
    let agent: Agent

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        if let authority = request.head.authority, context.isLoopback, !isOurs(Self.host(of: authority)) {
            throw APIError.forbidden(
                "host \(quoted(authority)) is not served here; use localhost or an IP address in the URL")
        }
        if let origin = request.headers[.origin], request.method != .get,
            !isSameSite(origin, authority: request.head.authority)
        {
            throw APIError.forbidden("a page of \(quoted(origin)) may not write here")
        }
        return try await next(request, context)
    }

    private func isOurs(_ host: String) -> Bool {
        if IPAddress(host) != nil || host == "localhost" || host.hasSuffix(".localhost") || host == agent.node.folded {
            return true
        }
        return DomainName(host)?.isSubdomain(of: agent.domain) ?? false
    }

    private func isSameSite(_ origin: String, authority: String?) -> Bool {
        guard let authority, let schemeEnd = origin.firstRange(of: "://") else { return false }
        return origin[schemeEnd.upperBound...].lowercased() == authority.lowercased()
    }

    /// The host in lower case, without port and brackets.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return authority.prefix { $0 != ":" }.lowercased()
    }
}
