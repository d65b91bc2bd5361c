import APIClient
import ArgumentParser

/// `berth services deregister`.
struct ServicesDeregister: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "deregister", abstract: "Deregister the services of files, or one by its id.",
        usage: """
            berth services deregister [<options>] <file or folder> ...
            berth services deregister --id <id> [<options>]
            """)

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Option(help: ArgumentHelp("The service's id.", valueName: "id")) var id: String?
    @Argument(help: .hidden) var files: [String] = []

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        let id = id ?? ""
        guard !files.isEmpty || !id.isEmpty else {
            throw CommandFailure(message: "Service deregistration requires at least one argument or -id.")
        }
        guard files.isEmpty || id.isEmpty else {
            throw CommandFailure(message: "Service deregistration requires arguments or -id, not both.")
        }
        let ids = files.isEmpty ? [id] : try ServiceDefinition.all(in: files).map { $0.id ?? $0.name }
        for id in ids {
            do throws(APIClientError) {
                try await api.ask(APIRequest(.put, "/v1/agent/service/deregister/", id).of(flags))
            } catch {
                throw CommandFailure(message: "Error deregistering service \"\(id)\": \(error)")
            }
            if !terminal.json { try terminal.show("Deregistered service: \(id)") }
        }
        if terminal.json { try terminal.show(json: ids) }
    }
}
