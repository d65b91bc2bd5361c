/// Parts of Consul's API that Berth does not have and will not have, so that whoever asks is told so.
enum UnofferedPaths {
    private static let mesh =
        "Berth has no service mesh: no Connect, intentions, gateways or configuration entries; see docs/http.md"
    private static let accessControl =
        "Berth has no access control lists: restrict who reaches its port instead; see docs/http.md"

    private static let sentences = [
        ("/v1/connect", mesh), ("/v1/agent/connect", mesh), ("/v1/catalog/connect", mesh),
        ("/v1/catalog/gateway-services", mesh), ("/v1/health/connect", mesh), ("/v1/health/ingress", mesh),
        ("/v1/config", mesh), ("/v1/discovery-chain", mesh), ("/v1/internal/intention-upstreams", mesh),
        ("/v1/internal/ui/gateway-services-nodes", mesh), ("/v1/internal/ui/gateway-intentions", mesh),
        ("/v1/internal/ui/service-topology", mesh), ("/v1/internal/ui/metrics-proxy", mesh),
        ("/v1/acl", accessControl), ("/v1/agent/token", accessControl), ("/v1/internal/acl", accessControl),
    ]

    /// Why there is nothing at a path; `nil`: for no special reason.
    static func sentence(for path: String) -> String? {
        sentences.first { path == $0.0 || path.hasPrefix("\($0.0)/") }?.1
    }
}
