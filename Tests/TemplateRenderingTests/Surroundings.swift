import DNS
import Foundation
import Logging
import Registry
import Synchronization
import Testing

@testable import TemplateRendering

/// Runs `body` with a directory of its own, which is gone afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = "/tmp/berth-templates-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    do {
        let result = try await body(path)
        try FileManager.default.removeItem(atPath: path)
        return result
    } catch {
        try? FileManager.default.removeItem(atPath: path)
        throw error
    }
}

func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

/// The contents; `nil` if there is no such file.
func contents(of path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
}

func attribute(_ key: FileAttributeKey, of path: String) throws -> Int? {
    (try FileManager.default.attributesOfItem(atPath: path)[key] as? NSNumber)?.intValue
}

/// Polls until `condition` holds.
///
/// - Returns: whether it did within the time.
func eventually(within limit: Duration = .seconds(60), _ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while try !condition() {
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}

/// Everything that was logged.
final class LogRecord: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(record: self) }
        logger.logLevel = .info
        return logger
    }

    private struct Handler: LogHandler {
        let record: LogRecord
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            record.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}

/// Short ways to name what a catalog holds.
enum Sample {
    static func agent() throws -> Agent {
        Agent(
            node: try NodeName("host"), nodeID: "00000000-0000-4000-8000-000000000001",
            address: try #require(IPAddress("10.0.0.1")), datacenter: "dc1", domain: try #require(DomainName("consul."))
        )
    }

    static func node(_ name: String, address: String) throws -> CatalogChange {
        .putNode(
            Node(
                name: try NodeName(name), id: "id-\(name)", address: try Address(address),
                taggedAddresses: ["lan": try Address(address)], meta: ["rack": "r-\(name)"]))
    }

    static func instance(
        _ service: String, id: String, node: String = "host", port: UInt16, address: String? = nil,
        tags: [String] = [], status: HealthStatus = .passing, check: CheckID? = nil
    ) throws -> CatalogChange {
        let nodeName = try NodeName(node)
        let instance = ServiceInstance(
            node: nodeName, id: id, name: try ServiceName(service, policy: .allow), tags: tags,
            address: try address.map { try Address($0) }, port: port, meta: ["version": "1"],
            weights: Weights(passing: 5, warning: 2))
        let checks = [
            HealthCheck(
                node: nodeName, id: check ?? "service:\(id)", name: "check of \(id)", status: status,
                output: "said \(status)", instance: id)
        ]
        return .putInstance(instance, checks: checks)
    }
}
