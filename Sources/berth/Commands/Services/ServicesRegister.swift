import APIClient
import ArgumentParser
import Foundation
import NIOCore
import NIOFoundationCompat

/// `berth services register`: from files, or one service from flags.
struct ServicesRegister: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Register services from files, or one from flags.",
        usage: """
            berth services register [<options>] <file or folder> ...
            berth services register --name <name> [<options>]
            """,
        discussion: """
            A file is JSON in the form of Consul's configuration: {"service": {...}} or {"services": [{...}, ...]}; - is \
            standard input. Of a folder, every file whose name ends in .json is read.
            """)

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Option(help: ArgumentHelp("Address of the service. (default: its node's)", valueName: "address"))
    var address: String?
    @Option(help: ArgumentHelp("Its id. (default: its name)", valueName: "id")) var id: String?
    @Option(help: .hidden) var kind: String?
    @Option(help: ArgumentHelp("Meta; may be repeated.", valueName: "key=value")) var meta: [String] = []
    @Option(help: "Its name.") var name: String?
    @Option(help: "Its port.") var port: Int?
    @Option(help: "A tag; may be repeated.") var tag: [String] = []
    @Option(
        help: ArgumentHelp("An address for a use, such as lan=10.0.0.1:80; may be repeated.", valueName: "use=address"))
    var taggedAddress: [String] = []
    @Argument(help: .hidden) var files: [String] = []

    var trouble: String { "Error registering service" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let given = try fromFlags()
        guard !files.isEmpty || given["Name"] != nil else {
            throw CommandFailure(message: "Service registration requires at least one argument or flags.")
        }
        guard files.isEmpty || given.isEmpty else {
            throw CommandFailure(message: "Service registration requires arguments or -id, not both.")
        }
        let definitions = files.isEmpty ? [try ServiceDefinition(given)] : try ServiceDefinition.all(in: files)
        var names: [String] = []
        for definition in definitions {
            var request = APIRequest(.put, "/v1/agent/service/register").of(flags)
            request.body = ByteBuffer(data: definition.body)
            do throws(APIClientError) {
                try await api.ask(request)
            } catch {
                throw CommandFailure(message: "Error registering service \"\(definition.name)\": \(error)")
            }
            names.append(definition.name)
            if !terminal.json { try terminal.show("Registered service: \(definition.name)") }
        }
        if terminal.json { try terminal.show(json: names) }
    }

    /// What the flags say, in the words of the API; empty where none was given.
    private func fromFlags() throws(CommandFailure) -> [String: Any] {
        var fields: [String: Any] = [:]
        fields["Address"] = address
        fields["ID"] = id
        fields["Kind"] = kind
        fields["Name"] = name.flatMap { $0.isEmpty ? nil : $0 }
        fields["Port"] = port
        if !tag.isEmpty { fields["Tags"] = tag }
        if !meta.isEmpty { fields["Meta"] = try Self.pairs(meta, of: "-meta") }
        if !taggedAddress.isEmpty {
            var addresses: [String: Any] = [:]
            for (use, text) in try Self.pairs(taggedAddress, of: "-tagged-address") {
                addresses[use] = try Self.address(text)
            }
            fields["TaggedAddresses"] = addresses
        }
        return fields
    }

    private static func pairs(_ texts: [String], of flag: String) throws(CommandFailure) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            guard let mark = text.firstIndex(of: "=") else {
                throw CommandFailure(
                    message: "invalid value \"\(text)\" for flag \(flag): Missing \"=\" value in argument: \(text)")
            }
            pairs[String(text[..<mark])] = String(text[text.index(after: mark)...])
        }
        return pairs
    }

    /// `HOST` or `HOST:PORT`, an IPv6 address before a port in brackets.
    private static func address(_ text: String) throws(CommandFailure) -> [String: Any] {
        let colons = text.count { $0 == ":" }
        guard text.hasPrefix("[") || colons == 1 else { return ["Address": text, "Port": 0] }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw CommandFailure(message: "Address \"\(text)\" has no port that is a number up to 65535.")
        }
        return ["Address": text[..<colon].filter { $0 != "[" && $0 != "]" }, "Port": Int(port)]
    }
}
