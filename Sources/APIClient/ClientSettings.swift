import FoundationEssentials

/// Whom to ask, and as whom: what a person gave as flags, and for all else the environment.
package struct ClientSettings: Sendable {
    package var address: APIAddress
    package var token: String?
    /// `user:password` for HTTP's basic authentication.
    var credentials: String?
    var trust: Trust

    /// How the server is known, and how it knows us.
    struct Trust: Sendable {
        var verifies: Bool
        var authorityFile: String?
        var authorityFolder: String?
        var certificateFile: String?
        var keyFile: String?
        var serverName: String?
    }

    /// What can be given as a flag; `nil`: it was not.
    package struct Given: Sendable {
        package var address: String?
        package var token: String?
        package var tokenFile: String?
        package var authorityFile: String?
        package var authorityFolder: String?
        package var certificateFile: String?
        package var keyFile: String?
        package var serverName: String?

        package init() {}
    }

    /// - Parameters:
    ///   - given: wins over the environment.
    ///   - environment: Consul's variables; `BERTH_HTTP_ADDR` wins over `CONSUL_HTTP_ADDR`. An empty one is not set.
    /// - Throws: ``APIClientError``.
    package init(_ given: Given, environment: [String: String]) throws(APIClientError) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let encrypts = try Self.boolean("CONSUL_HTTP_SSL", environment) ?? false
        address = try APIAddress(
            given.address ?? variable("BERTH_HTTP_ADDR") ?? variable("CONSUL_HTTP_ADDR") ?? APIAddress.standard,
            encrypting: encrypts)
        token = given.token ?? variable("CONSUL_HTTP_TOKEN")
        if let file = given.tokenFile ?? variable("CONSUL_HTTP_TOKEN_FILE") {
            token = try Self.token(in: file) ?? token
        }
        credentials = variable("CONSUL_HTTP_AUTH")
        trust = Trust(
            verifies: try Self.boolean("CONSUL_HTTP_SSL_VERIFY", environment) ?? true,
            authorityFile: given.authorityFile ?? variable("CONSUL_CACERT"),
            authorityFolder: given.authorityFolder ?? variable("CONSUL_CAPATH"),
            certificateFile: given.certificateFile ?? variable("CONSUL_CLIENT_CERT"),
            keyFile: given.keyFile ?? variable("CONSUL_CLIENT_KEY"),
            serverName: given.serverName ?? variable("CONSUL_TLS_SERVER_NAME"))
    }

    private static func boolean(
        _ name: String, _ environment: [String: String]
    ) throws(APIClientError) -> Bool? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": return true
        case "0", "f", "F", "FALSE", "false", "False": return false
        default: throw .badSetting(name, reason: "must be true or false, not \"\(text)\"")
        }
    }

    private static func token(in file: String) throws(APIClientError) -> String? {
        let octets: Data
        do {
            octets = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw .badSetting("the token file \(file)", reason: "cannot be read")
        }
        let text = String(decoding: octets, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
        return text.map(String.init)
    }
}
