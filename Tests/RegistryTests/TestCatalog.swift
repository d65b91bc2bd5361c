import DNS
import Foundation

@testable import Registry

func nodeName(_ text: String) throws -> NodeName { try NodeName(text) }
func serviceName(_ text: String) throws -> ServiceName { try ServiceName(text) }

func node(_ name: String, address: String = "10.0.0.1", meta: [String: String] = [:]) throws -> Node {
    Node(
        name: try NodeName(name), id: "00000000-0000-0000-0000-00000000000\(name.utf8.count)",
        address: try Address(address), meta: meta)
}

func instance(
    _ id: String, of service: String, on node: String = "n1", tags: [String] = [], port: UInt16 = 80,
    owner: Owner? = nil
) throws -> ServiceInstance {
    ServiceInstance(
        node: try NodeName(node), id: id, name: try ServiceName(service), tags: tags, port: port, owner: owner)
}

func check(
    _ id: String, of instance: String?, on node: String = "n1", status: HealthStatus = .critical, output: String = "",
    probe: CheckDefinition.Probe? = nil
) throws -> HealthCheck {
    try check(
        id, of: instance, on: node, status: status, output: output,
        definition: probe.map { CheckDefinition(probe: $0, interval: .seconds(5)) })
}

func check(
    _ id: String, of instance: String?, on node: String = "n1", status: HealthStatus = .critical, output: String = "",
    definition: CheckDefinition?
) throws -> HealthCheck {
    HealthCheck(
        node: try NodeName(node), id: id, name: "check \(id)", status: status, output: output, instance: instance,
        definition: definition)
}

func instanceKey(_ id: String, on node: String = "n1") throws -> InstanceKey {
    InstanceKey(node: try NodeName(node), id: id)
}

func checkKey(_ id: String, on node: String = "n1") throws -> CheckKey { CheckKey(node: try NodeName(node), id: id) }

extension CatalogState {
    /// Applies a change as the registry does, under the next index.
    @discardableResult
    mutating func apply(_ change: CatalogChange) throws -> CatalogDelta {
        try apply(change, at: snapshot.index + 1)
    }

    init(_ changes: [CatalogChange]) throws {
        self.init()
        for change in changes { try apply(change) }
    }
}

extension CatalogSnapshot {
    /// Everything the snapshot says, indexes included, for comparison.
    var contents: Set<CatalogRecord> { Set(records) }
}

/// Makes a directory, and removes it with all in it.
func withTemporaryDirectory<Value>(
    _ body: (String) async throws -> Value
) async throws -> Value {
    let path = NSTemporaryDirectory() + "berth-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Waits until `condition` holds.
///
/// - Returns: false if it does not within a minute.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now.advanced(by: .seconds(60))
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        do { try await Task.sleep(for: .milliseconds(2)) } catch { return false }
    }
    return false
}
