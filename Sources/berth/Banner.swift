import DNS
import Foundation
import Registry
import Settings

/// What a person wants to know when Berth has started.
struct Banner {
    private let settings: Settings
    private let agent: Agent
    private let dnsPort: UInt16
    private let httpPort: UInt16
    private let service: String?

    /// - Parameters:
    ///   - dnsPort: what is bound, as `httpPort` is.
    ///   - service: one that DNS has an answer for; `nil`: there is none yet.
    init(_ settings: Settings, _ agent: Agent, dnsPort: UInt16, httpPort: UInt16, service: String?) {
        self.settings = settings
        self.agent = agent
        self.dnsPort = dnsPort
        self.httpPort = httpPort
        self.service = service
    }

    /// Writes it to standard output.
    func show() { StandardStream.output.write(text(colour: StandardStream.output.takesColour)) }

    func text(colour: Bool) -> String {
        let title = Colour.bold.paint("Berth \(Version.current)", if: colour)
        let width = lines.map(\.name.count).max() ?? 0
        let body = lines.map { line in
            let padding = String(repeating: " ", count: width - line.name.count + 2)
            return "  \(Colour.dim.paint(line.name, if: colour))\(padding)\(line.value)"
        }
        let tryIt =
            "  \(Colour.dim.paint("try it", if: colour))\(String(repeating: " ", count: width - 4))"
            + Colour.green.paint(dig, if: colour)
        return ([title, ""] + body + ["", tryIt, "", ""]).joined(separator: "\n")
    }

    private var lines: [(name: String, value: String)] {
        let domain = settings.texts(of: .domain).joined()
        return [
            ("DNS", "\(endpoints(dnsPort)), UDP and TCP, for *.service.\(domain)"),
            ("HTTP", endpoints(httpPort)),
            ("Docker", settings.docker == .off ? "not watched" : settings.docker.description),
            ("data", settings.storage == .memory ? "in memory only: gone at exit" : settings.storage.description),
            ("zones", zones),
            ("node", "\(agent.node.text) in \(agent.datacenter), advertised as \(agent.address)"),
        ]
            + settings.templates.files.map { ("template", "\($0.source) -> \($0.destination)") }
    }

    private var zones: String {
        let folder = settings.zonesDirectory
        return FileManager.default.fileExists(atPath: folder) ? folder : "none: there is no folder \(folder)"
    }

    private func endpoints(_ port: UInt16) -> String {
        settings.listen.addresses.map { address in
            if case .v6 = address { "[\(address)]:\(port)" } else { "\(address):\(port)" }
        }.joined(separator: ", ")
    }

    /// Asks from this host: a wildcard address is reached under loopback.
    private var dig: String {
        let address =
            switch settings.listen.addresses.first {
            case .v4(0)?, nil: "127.0.0.1"
            case .v6(0, 0)?: "::1"
            case let address?: address.description
            }
        return "dig @\(address) -p \(dnsPort) \(question)"
    }

    /// The node is answered for whatever is registered.
    private var question: String {
        let domain = settings.texts(of: .domain).joined()
        if let service { return "\(service).service.\(domain) SRV" }
        let type = if case .v4 = agent.address { "A" } else { "AAAA" }
        return "\(agent.node.text).node.\(domain) \(type)"
    }
}
