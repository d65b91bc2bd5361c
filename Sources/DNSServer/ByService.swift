package import Registry

/// A value that services have by their names: a service's own, else that of the longest start of its name, else the usual one.
package struct ByService<Value: Hashable & Sendable>: Hashable, Sendable {
    private struct Prefix: Hashable {
        var text: String
        var value: Value
    }

    private let usual: Value
    /// By name in lower case.
    private var exact: [String: Value] = [:]
    /// The longest first.
    private var prefixes: [Prefix] = []

    /// - Parameter values: by the name of a service, or by the start of names and a final `*`.
    package init(_ values: [String: Value] = [:], usual: Value) {
        self.usual = usual
        for (pattern, value) in values {
            let pattern = CaselessText(pattern).folded
            if pattern.hasSuffix("*") {
                prefixes.append(Prefix(text: String(pattern.dropLast()), value: value))
            } else {
                exact[pattern] = value
            }
        }
        prefixes.sort { $0.text.utf8.count > $1.text.utf8.count }
    }

    package subscript(service: ServiceName) -> Value {
        exact[service.folded] ?? prefixes.first { service.folded.hasPrefix($0.text) }?.value ?? usual
    }
}
