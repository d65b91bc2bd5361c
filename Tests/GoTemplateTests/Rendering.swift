@testable import GoTemplate

/// A template and what it comes to: its output, or the text of its error.
struct Case: Sendable, CustomStringConvertible {
    var template: String
    var result: String

    init(_ template: String, _ result: String) {
        self.template = template
        self.result = result
    }

    var description: String { template }
}

/// Renders `template`, which has no name and no data, with those of consul-template and `functions`.
func render(
    _ template: String, functions: FunctionTable = FunctionTable(), dot: Value = .nil,
    limits: Template.Limits = Template.Limits()
) throws(TemplateError) -> String {
    let all = FunctionTable.consulTemplate.merging(FunctionTable(["scratch": Scratch().function])).merging(functions)
    return try Template(parsing: GoString(template), name: "", functions: all).render(dot: dot, limits: limits)
        .description
}

/// The text of the error that `template` ends in; its output if it does not.
func errorText(of template: String, functions: FunctionTable = FunctionTable()) -> String {
    do {
        return try "rendered: " + render(template, functions: functions)
    } catch {
        return "\(error)"
    }
}

/// A list of pointers to structs, as `service` returns.
let machines = FunctionTable([
    "machines": Function { _ in
        let names = ["web-1", "web-2"]
        return .list(
            List(names.map { .pointer(machine.structure($0)) }, of: .pointer(to: machine.type)))
    },
    "noMachine": Function { _ in .nilPointer(to: machine.type) },
])

private let machine = StructDescription<String>(
    "test.Machine",
    [
        ("Name", .string, { .string($0) }),
        ("Port", .int, { .int(8000 + $0.utf8.count) }),
        ("Meta", .map(key: .string, element: .string), { .map(Map(["host": $0])) }),
        ("Tags", .named("test.Tags", .list(of: .string)), { _ in .strings(["a", "b"], named: "test.Tags") }),
    ])
