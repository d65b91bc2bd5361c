import Foundation
import Glibc

/// The memory that this process may use.
enum HostMemory {
    /// In octets: what the machine has or, if that is less, what the process's control group may have.
    static var size: Int {
        let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        let limits = limitFiles(groups).compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
        return limits.compactMap(limit).reduce(max(machine, 0), min)
    }

    /// The files that say what the group and those above it may have, by the lines of `/proc/self/cgroup`.
    ///
    /// - SeeAlso: https://docs.kernel.org/admin-guide/cgroup-v2.html
    static func limitFiles(_ groups: String) -> [String] {
        guard let own = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return [] }
        var path = own.dropFirst("0::/".count).split(separator: "/")
        var files: [String] = []
        while true {
            files.append((["/sys/fs/cgroup"] + path + ["memory.max"]).joined(separator: "/"))
            guard path.popLast() != nil else { return files }
        }
    }

    /// - Returns: `nil`: none is set.
    static func limit(_ text: String) -> Int? { Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) }
}
