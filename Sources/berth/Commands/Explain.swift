import APIClient
import ArgumentParser

/// `berth explain`: what became of a service or container, from what it was derived, and what DNS holds.
struct Explain: ClientCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell why a service or container is, or is not, answered for.",
        usage: "berth explain [<options>] <service, instance or container>")

    @OptionGroup var connection: ConnectionFlags
    @Argument(help: .hidden) var subjects: [String] = []

    var trouble: String { "Error explaining \(subjects.first ?? "")" }

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard let subject = subjects.first, subjects.count == 1 else {
            throw CommandFailure(message: "Name one service, instance or container: berth explain NAME")
        }
        let answer = try await api.send(APIRequest(.get, "/v1/berth/explain/", subject))
        guard answer.status != 404 else { throw CommandFailure(message: answer.text.trimmingLineEnd) }
        let explained = try answer.succeeded()
        if terminal.json { return try terminal.show(json: explained) }
        let text = ExplanationText(try explained.decoded(as: Explanation.self), for: terminal)
        try terminal.show(painted: text.lines)
    }
}

extension String {
    fileprivate var trimmingLineEnd: String {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
