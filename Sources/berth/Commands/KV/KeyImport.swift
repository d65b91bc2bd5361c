import APIClient
import ArgumentParser
import Foundation
import NIOCore
import NIOFoundationCompat

/// `berth kv import`: writes what `berth kv export` or Consul's has printed.
struct KeyImport: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Write keys from JSON: the text given, @FILE, or - for standard input.",
        usage: "berth kv import [<options>] <data>")

    @OptionGroup var connection: ConnectionFlags
    @OptionGroup var flags: DatacenterFlags
    @Argument(help: .hidden) var arguments: [String] = []

    func run(_ api: APIClient, _ terminal: Terminal) async throws {
        guard let argument = arguments.first else { throw CommandFailure(message: "Error! Missing DATA argument") }
        guard arguments.count == 1 else {
            throw CommandFailure(message: "Error! Too many arguments (expected 1, got \(arguments.count))")
        }
        // Nothing is written unless all can be read.
        let entries = try Self.entries(of: try GivenData.read(argument))
        for (key, flags, value) in entries {
            var request = APIRequest.key(.put, key).of(self.flags).with("flags", "\(flags)")
            request.body = ByteBuffer(data: value)
            do throws(APIClientError) {
                try await api.ask(request)
            } catch {
                throw CommandFailure(message: "Error! Failed writing data for key \(key): \(error)")
            }
            if !terminal.json { try terminal.show("Imported: \(key)") }
        }
        if terminal.json { try terminal.show(json: entries.map(\.key)) }
    }

    private static func entries(of data: Data) throws(CommandFailure) -> [(key: String, flags: UInt64, value: Data)] {
        let entries: [Entry]
        do {
            entries = try JSONDecoder().decode([Entry].self, from: data)
        } catch {
            throw CommandFailure(
                message: "Cannot unmarshal data: it is no list of {\"key\", \"flags\", \"value\"}: \(reason(error))")
        }
        var read: [(key: String, flags: UInt64, value: Data)] = []
        for entry in entries {
            guard let value = Data(base64Encoded: entry.value ?? "") else {
                throw CommandFailure(
                    message: "Error base 64 decoding value for key \(entry.key): illegal base64 data")
            }
            read.append((entry.key, entry.flags ?? 0, value))
        }
        return read
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .dataCorrupted(let context)?, .keyNotFound(_, let context)?, .typeMismatch(_, let context)?,
            .valueNotFound(_, let context)?:
            let place = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            return (place.isEmpty ? "" : "\(place): ") + context.debugDescription
        default: return "\(error)"
        }
    }

    private struct Entry: Decodable {
        let key: String
        let flags: UInt64?
        let value: String?
    }
}
