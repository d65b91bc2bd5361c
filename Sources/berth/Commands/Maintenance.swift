import APIClient
import ArgumentParser

/// `berth maint`: takes the server's node, or a service on it, out of service and back, or tells what is.
struct Maintenance: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "maint", abstract: "Take the node or a service out of service; alone: show what is.")

    @OptionGroup var connection: ConnectionFlags
    @Flag(help: "Put it back into service.") var disable = false
    @Flag(help: "Take it out of service.") var enable = false
    @Option(help: ArgumentHelp("Why, for others to read.", valueName: "text")) var reason: String?
    @Option(help: ArgumentHelp("One service instead of the node.", valueName: "id")) var service: String?
    @Argument(help: .hidden) var rest: [String] = []

    var trouble: String {
        guard enable || disable else { return "Error querying Consul agent" }
        return "Error \(enable ? "enabling" : "disabling") \(isForService ? "service" : "node") maintenance"
    }

    private var isForService: Bool { !(service ?? "").isEmpty }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard !enable || !disable else {
            throw CommandFailure(message: "Only one of -enable or -disable may be provided")
        }
        guard enable || (reason ?? "").isEmpty else {
            throw CommandFailure(message: "Reason may only be provided with -enable")
        }
        guard enable || disable else {
            guard !isForService else { throw CommandFailure(message: "Service requires either -enable or -disable") }
            return try await show(api, terminal)
        }
        let path = isForService ? "/v1/agent/service/maintenance/" : "/v1/agent/maintenance"
        let request = APIRequest(.put, path, service ?? "").with("enable", enable ? "true" : "false")
            .with("reason", reason)
        let answer = try await api.ask(request)
        if terminal.json { return try terminal.show(json: answer) }
        let state = "maintenance is now \(enable ? "enabled" : "disabled")"
        try terminal.show(isForService ? "Service \(state) for \"\(service ?? "")\"" : "Node \(state)")
    }

    private func show(_ api: APIClient, _ terminal: Terminal) async throws {
        let checks = try await api.ask(APIRequest(.get, "/v1/agent/checks")).decoded(as: [String: Check].self)
        let prefix = "_service_maintenance:"
        let maintained = checks.values.filter { $0.id == "_node_maintenance" || $0.id.hasPrefix(prefix) }
            .sorted { $0.id < $1.id }
        guard !terminal.json else {
            let entries = maintained.map { check in
                let id = JSONText.quoted(check.id.hasPrefix(prefix) ? String(check.id.dropFirst(prefix.count)) : "")
                return
                    #"{"Node":\#(JSONText.quoted(check.node)),"ServiceID":\#(id),"Reason":\#(JSONText.quoted(check.notes))}"#
            }
            return try terminal.show(json: "[\(entries.joined(separator: ","))]".utf8)
        }
        for check in maintained {
            let isService = check.id.hasPrefix(prefix)
            try terminal.show([
                isService ? "Service:" : "Node:",
                isService ? "  ID:     \(check.id.dropFirst(prefix.count))" : "  Name:   \(check.node)",
                "  Reason: \(check.notes)", "",
            ])
        }
    }

    private struct Check: Decodable {
        let id: String
        let node: String
        let notes: String

        enum CodingKeys: String, CodingKey {
            case id = "CheckID"
            case node = "Node"
            case notes = "Notes"
        }
    }
}
