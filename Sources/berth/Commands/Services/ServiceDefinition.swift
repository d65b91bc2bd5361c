import Foundation

/// One service of a file in the form of Consul's configuration, in the words of the API.
struct ServiceDefinition {
    let name: String
    let id: String?
    /// JSON for `PUT /v1/agent/service/register`.
    let body: Data

    /// - Parameter fields: in the words of the API, or of Consul's configuration: `enable_tag_override`.
    init(_ fields: [String: Any]) throws(CommandFailure) {
        let fields = Self.renamed(fields)
        func text(_ name: String) -> String? {
            fields.first { $0.key.lowercased() == name }.flatMap { $0.value as? String }.flatMap {
                $0.isEmpty ? nil : $0
            }
        }
        name = text("name") ?? ""
        id = text("id")
        do {
            body = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
        } catch {
            throw CommandFailure(message: "Error: the service \"\(name)\" cannot be written as JSON")
        }
    }

    /// The services of all files in order, and of a folder's files that end in `.json`, by their names.
    static func all(in paths: [String]) throws(CommandFailure) -> [ServiceDefinition] {
        var definitions: [ServiceDefinition] = []
        for path in paths {
            guard path != "-" else {
                definitions += try services(of: try GivenData.standardInput(), called: "standard input")
                continue
            }
            for file in GivenFiles.at(path, endings: [".json"]) {
                let data: Data
                do {
                    data = try Data(contentsOf: URL(filePath: file))
                } catch {
                    throw CommandFailure(
                        message: "Error: config: Open failed on \(file). \(GivenData.reason(error, file))")
                }
                definitions += try services(of: data, called: file)
            }
        }
        return definitions
    }

    private static func services(of data: Data, called file: String) throws(CommandFailure) -> [ServiceDefinition] {
        guard let all = try? JSONSerialization.jsonObject(with: data), let fields = all as? [String: Any] else {
            throw CommandFailure(
                message: "Error: failed to parse \(file): it must be JSON, an object with \"service\" or \"services\"")
        }
        var definitions: [ServiceDefinition] = []
        for name in ["service", "services"] {
            switch fields[name] {
            case nil: continue
            case let one as [String: Any]: definitions.append(try ServiceDefinition(one))
            case let many as [[String: Any]]: for each in many { definitions.append(try ServiceDefinition(each)) }
            default:
                throw CommandFailure(
                    message: "Error: failed to parse \(file): \"\(name)\" must be a service, or a list of them")
            }
        }
        return definitions
    }

    /// The configuration's names in the API's: without underscores, which is all the difference that the API does not
    /// know, and a check's `id`.
    private static func renamed(_ fields: [String: Any]) -> [String: Any] {
        var renamed: [String: Any] = [:]
        for (name, value) in fields {
            let plain = name.filter { $0 != "_" }
            switch (plain.lowercased(), value) {
            case ("check", let check as [String: Any]): renamed[plain] = Self.check(check)
            case ("checks", let checks as [[String: Any]]): renamed[plain] = checks.map(Self.check)
            default: renamed[plain] = value
            }
        }
        return renamed
    }

    private static func check(_ fields: [String: Any]) -> [String: Any] {
        var renamed: [String: Any] = [:]
        for (name, value) in fields {
            let plain = name.filter { $0 != "_" }
            renamed[plain.lowercased() == "id" ? "CheckID" : plain] = value
        }
        return renamed
    }
}
