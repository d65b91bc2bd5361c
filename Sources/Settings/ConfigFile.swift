import Foundation
import Yams

/// The one YAML file: what it gives for which key.
struct ConfigFile {
    let path: String

    /// Hands the value of each key to the reader, and notes what is wrong with the file itself.
    func read(into reader: inout SettingsReader) {
        do throws(SettingsProblem) {
            guard let root = try compose(try contents()) else { return }
            guard let mapping = root.mapping else {
                // A file of nothing but comments is an empty map.
                if case .nothing = value(of: root, at: nil).form { return }
                throw problem(at: root.mark, "must be a map of keys, such as \"dns-port: 8600\"")
            }
            var lines: [String: Int] = [:]
            for (key, node) in mapping {
                let name = RepeatedKeys.name(of: key)
                if let first = lines[name] { reader.note(repeated(key, name, first: first)) }
                lines[name] = key.mark?.line
                take(name, node, at: origin(key.mark), into: &reader)
            }
        } catch {
            reader.note(error)
        }
    }

    private func take(_ name: String, _ node: Node, at origin: Origin, into reader: inout SettingsReader) {
        if let known = SettingsKey(rawValue: name) {
            reader.take(value(of: node, at: origin), for: known)
        } else {
            let reason = NearestWord.unknown(name, among: SettingsKey.allCases.map(\.rawValue))
            reader.note(SettingsProblem(origin: origin, key: nil, reason: reason))
        }
    }

    private func repeated(_ key: Node, _ name: String, first: Int) -> SettingsProblem {
        SettingsProblem(
            origin: origin(key.mark), key: name, reason: "is given a second time; line \(first) has it already")
    }

    /// - Parameter key: where the key is; a value that is left out has no place of its own.
    private func value(of node: Node, at key: Origin?) -> GivenValue {
        let place = node.mark.map { Origin.file(path, line: $0.line) } ?? key ?? origin(nil)
        switch node {
        case .scalar(let scalar):
            let quoted = scalar.style != .plain && scalar.style != .any
            // Only these: YAML 1.1 would also read "off" and "no" as something else than what they say.
            guard quoted || !["", "~", "null"].contains(scalar.string) else {
                return GivenValue(.nothing, at: key ?? place)
            }
            return GivenValue(.scalar(scalar.string, quoted: quoted), at: place)
        case .sequence(let nodes):
            return GivenValue(.list(nodes.map { value(of: $0, at: nil) }), at: place)
        case .mapping(let mapping):
            let entries = mapping.map { entry in
                let origin = origin(entry.key.mark)
                return (
                    key: RepeatedKeys.name(of: entry.key), origin: origin, value: value(of: entry.value, at: origin)
                )
            }
            return GivenValue(.map(entries), at: place)
        case .alias:
            return GivenValue(.nothing, at: place)
        }
    }

    private func contents() throws(SettingsProblem) -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            throw problem(at: nil, "there is no such file")
        } catch let error as CocoaError where error.code == .fileReadNoPermission {
            throw problem(at: nil, "may not be read by this user")
        } catch {
            throw problem(at: nil, "cannot be read as a file")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw problem(at: nil, "is not UTF-8 text") }
        return text
    }

    private func compose(_ text: String) throws(SettingsProblem) -> Node? {
        do {
            return try RepeatedKeys.compose(text)
        } catch let error as YamlError {
            throw problem(error)
        } catch {
            throw problem(at: nil, "is not YAML: \(error)")
        }
    }

    private func problem(_ error: YamlError) -> SettingsProblem {
        switch error {
        case .scanner(_, let reason, let mark, _), .parser(_, let reason, let mark, _),
            .composer(_, let reason, let mark, _):
            problem(at: mark, "is not YAML here: \(reason)")
        case .duplicatedKeysInMapping(let keys, let context):
            problem(at: context.mark, "\(keys.joined(separator: ", ")) is given a second time")
        case .reader(let reason, _, _, _):
            problem(at: nil, "is not YAML: \(reason)")
        default:
            problem(at: nil, "is not YAML: \(error)")
        }
    }

    private func problem(at mark: Mark?, _ reason: String) -> SettingsProblem {
        SettingsProblem(origin: origin(mark), key: nil, reason: reason)
    }

    private func origin(_ mark: Mark?) -> Origin { .file(path, line: mark?.line) }
}
