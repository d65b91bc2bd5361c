import DNS
import HTTPTypes
import Hummingbird
import Registry

/// Keeps web pages away from an API that has no passwords, and leaves every other client alone.
///
/// A page can point a name of its own at any address, ours too, and is then of the same origin (DNS rebinding): what a
/// browser sends must therefore be for `localhost`, an IP address or a name of this agent, none of which a page can
/// redirect. And a page can send a write blindly to any address: a browser's writes must come from a page of this very
/// host and port.
struct SiteGuard: RouterMiddleware {
    let agent: Agent

    func handle(
        _ request: Request, context: APIContext, next: @concurrent (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let headers = request.headers
        if Self.isFromBrowser(sends: { headers.contains($0) }) { try check(request) }
        return try await next(request, context)
    }

    private func check(_ request: Request) throws(APIError) {
        let authority = request.head.authority ?? ""
        guard isOurs(Self.host(of: authority)) else {
            throw .forbidden(
                "host \(quoted(authority)) is not served to web browsers; use localhost, an IP address, "
                    + "\(agent.node.text) or a name below \(agent.domain) in the URL")
        }
        guard request.method != .get, request.method != .head else { return try checkRead(request.headers) }
        if let origin = request.headers[.origin], !Self.isSameSite(origin, authority: authority) {
            throw .forbidden("a page of \(quoted(origin)) may not write here")
        }
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" {
            throw .forbidden("a page of another site may not write here")
        }
    }

    /// No page of another site can see an answer, but it could hold connections by asking for what never ends. A person may
    /// follow its link.
    private func checkRead(_ headers: HTTPFields) throws(APIError) {
        // A browser sends both; only through a person's click is the mode this one.
        guard headers[.secFetchSite] == "cross-site", let mode = headers[.secFetchMode], mode != "navigate" else {
            return
        }
        throw .forbidden("a page of another site may not read here")
    }

    /// A rebound page's plain GET carries neither Origin nor, without TLS, Sec-Fetch-Site. It always carries
    /// Accept-Language, which a page can change but not drop, and which curl and Consul's clients do not send. Node.js
    /// sends it beside a Sec-Fetch-Mode without Sec-Fetch-Site: no browser does, and no page can forge either.
    ///
    /// - Parameter sends: whether the request has such a header.
    static func isFromBrowser(sends: (HTTPField.Name) -> Bool) -> Bool {
        sends(.origin) || sends(.secFetchSite) || sends(.acceptLanguage) && !sends(.secFetchMode)
    }

    private func isOurs(_ host: String) -> Bool {
        if IPAddress(host) != nil || host == "localhost" || host.hasSuffix(".localhost") || host == agent.node.folded {
            return true
        }
        return DomainName(host)?.isSubdomain(of: agent.domain) ?? false
    }

    private static func isSameSite(_ origin: String, authority: String) -> Bool {
        guard let schemeEnd = origin.firstRange(of: "://") else { return false }
        return origin[schemeEnd.upperBound...].lowercased() == authority.lowercased()
    }

    /// The host in lower case, without port and brackets.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return authority.prefix { $0 != ":" }.lowercased()
    }
}

extension HTTPField.Name {
    // W3C Fetch Metadata Request Headers, 2.
    fileprivate static let secFetchMode = own("Sec-Fetch-Mode")
    fileprivate static let secFetchSite = own("Sec-Fetch-Site")
}
