import Foundation
import Registry

/// This host's name as a node's name.
struct HostName {
    /// As the system has it.
    var original: String
    var node: NodeName

    /// Asks the kernel.
    static func discover() -> HostName {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)) ?? ""
        return HostName(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Takes a name that is one DNS label as it is, and rewrites any other.
    init(_ original: String) {
        self.original = original
        let candidates = [original, Label.rewrite(original), "localhost"]
        for case let candidate? in candidates {
            if let node = try? NodeName(candidate) {
                self.node = node
                return
            }
        }
        preconditionFailure("localhost is a DNS label")
    }
}
