import Synchronization

/// Values that a template puts aside by name; one for each execution.
package final class Scratch: Object {
    private let values = Mutex<[GoString: Value]>([:])

    package init() {}

    package var typeName: String { "template.Scratch" }

    /// The function `scratch`, which returns this.
    package var function: Function { Function { [self] _ in .object(self) } }

    package func method(_ name: String) -> Function? {
        switch name {
        case "Key": Function(.string) { [self] arguments in .bool(values.withLock { $0[arguments[0].text] != nil }) }
        case "Get": Function(.string) { [self] arguments in values.withLock { $0[arguments[0].text] ?? .nil } }
        case "Set": setter { _ in true }
        case "SetX": setter { $0 == nil }
        case "MapSet": mapSetter { _ in true }
        case "MapSetX": mapSetter { $0 == nil }
        case "MapValues": Function(.string) { [self] in try mapValues($0[0].text) }
        default: nil
        }
    }

    private func setter(if isWanted: @escaping @Sendable (Value?) -> Bool) -> Function {
        Function(.string, .any) { [self] arguments in
            values.withLock { values in
                if isWanted(values[arguments[0].text]) { values[arguments[0].text] = arguments[1] }
            }
            return .string("")
        }
    }

    private func mapSetter(if isWanted: @escaping @Sendable (Value?) -> Bool) -> Function {
        Function(.string, .string, .any) { [self] arguments in
            try values.withLock { values in
                let map = try Self.map(values[arguments[0].text], named: arguments[0].text)
                if isWanted(map[arguments[1]]) {
                    values[arguments[0].text] = .map(Map(map.entries + [(key: arguments[1], value: arguments[2])]))
                }
            }
            return .string("")
        }
    }

    private func mapValues(_ name: GoString) throws(FunctionError) -> Value {
        let map = try Self.map(values.withLock { $0[name] }, named: name)
        return .list(List(map.entries.map(\.value)))
    }

    private static func map(_ value: Value?, named name: GoString) throws(FunctionError) -> Map {
        switch value {
        case nil: return Map([])
        case .map(let map): return map
        default: throw FunctionError("\(name.quoted) is not a map")
        }
    }
}
