import APIClient
import ArgumentParser
import Foundation

/// The flags of every command that asks a server: whom, and as whom.
struct ConnectionFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the server is: HOST:PORT, http://, https:// or unix://PATH. Else BERTH_HTTP_ADDR or "
                + "CONSUL_HTTP_ADDR says it. (default: \(APIAddress.standard))", valueName: "address"))
    var httpAddr: String?
    @Option(help: "Token to send, for a proxy that asks for one. Else CONSUL_HTTP_TOKEN.") var token: String?
    @Option(help: ArgumentHelp("File with the token. Else CONSUL_HTTP_TOKEN_FILE.", valueName: "file"))
    var tokenFile: String?
    @Option(
        help: ArgumentHelp(
            "File with the certificates that a server's is signed by. Else CONSUL_CACERT.", valueName: "file"))
    var caFile: String?
    @Option(help: ArgumentHelp("Folder of such files. Else CONSUL_CAPATH.", valueName: "folder"))
    var caPath: String?
    @Option(
        help: ArgumentHelp(
            "File with the certificate to show to the server. Else CONSUL_CLIENT_CERT.", valueName: "file"))
    var clientCert: String?
    @Option(help: ArgumentHelp("File with its key. Else CONSUL_CLIENT_KEY.", valueName: "file"))
    var clientKey: String?
    @Option(
        help: ArgumentHelp("Name that the server's certificate is for. Else CONSUL_TLS_SERVER_NAME.", valueName: "name")
    )
    var tlsServerName: String?
    @Flag(help: "Print JSON.") var json = false

    /// - Throws: ``APIClientError``.
    func settings() throws(APIClientError) -> ClientSettings {
        var given = ClientSettings.Given()
        given.address = httpAddr
        given.token = token
        given.tokenFile = tokenFile
        given.authorityFile = caFile
        given.authorityFolder = caPath
        given.certificateFile = clientCert
        given.keyFile = clientKey
        given.serverName = tlsServerName
        return try ClientSettings(given, environment: ProcessInfo.processInfo.environment)
    }
}

/// The flags of commands that ask for what a datacenter has.
struct DatacenterFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Datacenter to ask about. (default: the server's)", valueName: "name"))
    var datacenter: String?
    @Flag(help: "Taken for Consul's sake: one server has one answer, the newest.") var stale = false
    @Option(help: ArgumentHelp("Taken for Consul's sake: there is one namespace, default.", valueName: "name"))
    var namespace: String?

    func validate() throws {
        guard let namespace, !["", "default"].contains(namespace) else { return }
        throw ValidationError("there is no namespace \(namespace): Berth has one, which is called default")
    }
}

extension APIRequest {
    func of(_ flags: DatacenterFlags) -> APIRequest { with("dc", flags.datacenter).with("stale", if: flags.stale) }
}
