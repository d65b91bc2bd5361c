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

    /// Takes a name that is one DNS label as it is, and rewrites any other. So `web1.example.com` becomes
    /// `web1-example-com`, which stays the same whether or not the system has the domain in its name; who wants the dots
    /// says so with `--node`.
    init(_ original: String) {
        self.original = original
        let candidates = [original, Label.rewrite(original), "localhost"]
        for case let candidate? in candidates {
            guard (try? Label.validate(candidate)) != nil, let node = try? NodeName(candidate) else { continue }
            self.node = node
            return
        }
        preconditionFailure("localhost is a DNS label")
    }
}
