/// Taking a node or an instance out of service by hand: a check that is critical until it is removed, under ids that
/// Consul's clients know.
extension HealthCheck {
    private static let nodeMaintenance: CheckID = "_node_maintenance"
    private static let instanceMaintenance: CheckID = "_service_maintenance:"

    /// - Parameters:
    ///   - instance: `nil`: the node as a whole.
    ///   - reason: for people; empty: none was given.
    package static func maintenance(of node: NodeName, instance: InstanceID?, reason: String) -> HealthCheck {
        let subject = instance == nil ? "node" : "service"
        let noReason =
            "Maintenance mode is enabled for this \(subject), but no reason was provided. This is a default message."
        return HealthCheck(
            node: node, id: instance.map { instanceMaintenance + $0 } ?? nodeMaintenance,
            name: instance == nil ? "Node Maintenance Mode" : "Service Maintenance Mode",
            notes: reason.isEmpty ? noReason : reason, instance: instance)
    }

    package var isMaintenance: Bool { id == Self.nodeMaintenance || id.hasPrefix(Self.instanceMaintenance) }
}
