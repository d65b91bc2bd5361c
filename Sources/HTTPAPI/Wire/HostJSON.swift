import Foundation

/// The machine, as `/v1/agent/host` shows it, from what Linux says of itself. What it does not say is left out.
struct HostJSON: Encodable {
    var memory = Memory(ProcFile.pairs("/proc/meminfo"))
    var processors = Processor.all
    var host = Host()
    var disk = Disk(path: "/")
    /// Nanoseconds since 1970.
    var collectionTime = Int64(Date().timeIntervalSince1970 * 1e9)

    enum CodingKeys: String, CodingKey {
        case memory = "Memory"
        case processors = "CPU"
        case host = "Host"
        case disk = "Disk"
        case collectionTime = "CollectionTime"
        case errors = "Errors"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(memory, forKey: .memory)
        try json.encode(processors, forKey: .processors)
        try json.encode(host, forKey: .host)
        try json.encode(disk, forKey: .disk)
        try json.encode(collectionTime, forKey: .collectionTime)
        try json.encodeNil(forKey: .errors)
    }

    /// In octets.
    struct Memory: Encodable {
        var total: UInt64
        var available: UInt64
        var free: UInt64
        var buffers: UInt64
        var cached: UInt64
        var used: UInt64
        var usedPercent: Double

        /// - Parameter pairs: in kibioctets.
        init(_ pairs: [String: String]) {
            func octets(_ name: String) -> UInt64 {
                (pairs[name]?.split(separator: " ").first).flatMap { UInt64($0) }.map { $0 << 10 } ?? 0
            }
            total = octets("MemTotal")
            available = octets("MemAvailable")
            free = octets("MemFree")
            buffers = octets("Buffers")
            cached = octets("Cached") + octets("SReclaimable")
            used = total - min(total, free + buffers + cached)
            usedPercent = total == 0 ? 0 : 100 * Double(used) / Double(total)
        }
    }

    struct Processor: Encodable {
        var cpu: Int
        var vendorId: String
        var modelName: String
        var mhz: Double

        static var all: [Processor] {
            ProcFile.text("/proc/cpuinfo").split(separator: "\n\n").compactMap { block in
                let pairs = ProcFile.pairs(in: block)
                return pairs["processor"].flatMap { Int($0) }.map { number in
                    Processor(
                        cpu: number, vendorId: pairs["vendor_id"] ?? "", modelName: pairs["model name"] ?? "",
                        mhz: pairs["cpu MHz"].flatMap { Double($0) } ?? 0)
                }
            }
        }
    }

    struct Host: Encodable {
        var hostname = ProcFile.text("/proc/sys/kernel/hostname").trimmingCharacters(in: .whitespacesAndNewlines)
        /// Seconds.
        var uptime = ProcFile.text("/proc/uptime").split(separator: ".").first.flatMap { UInt64($0) } ?? 0
        /// Seconds since 1970.
        var bootTime: UInt64
        var os = "linux"
        var platform: String
        var platformVersion: String
        var kernelVersion = ProcFile.text("/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines)

        init() {
            bootTime = UInt64(Date().timeIntervalSince1970) - uptime
            let release = ProcFile.pairs("/etc/os-release", separator: "=").mapValues {
                $0.trimmingCharacters(in: ["\""])
            }
            platform = release["ID"] ?? ""
            platformVersion = release["VERSION_ID"] ?? ""
        }
    }

    /// In octets.
    struct Disk: Encodable {
        var path: String
        var total: UInt64
        var free: UInt64
        var used: UInt64
        var usedPercent: Double

        init(path: String) {
            let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
            self.path = path
            total = (attributes?[.systemSize] as? NSNumber)?.uint64Value ?? 0
            free = (attributes?[.systemFreeSize] as? NSNumber)?.uint64Value ?? 0
            used = total - min(total, free)
            usedPercent = total == 0 ? 0 : 100 * Double(used) / Double(total)
        }
    }
}

/// Small text files that Linux keeps.
private enum ProcFile {
    /// Empty where there is no such file.
    static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    static func pairs(_ path: String, separator: Character = ":") -> [String: String] {
        pairs(in: text(path), separator: separator)
    }

    static func pairs(in text: some StringProtocol, separator: Character = ":") -> [String: String] {
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return (
                parts[0].trimmingCharacters(in: .whitespaces), parts[1].trimmingCharacters(in: .whitespaces)
            )
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
