import Glibc
import GoTemplate

extension TemplateData {
    /// The functions that read Berth's own environment.
    static let environment = FunctionTable([
        "env": Function(.string) { .string(variable($0[0].text) ?? "") },
        "envOrDefault": Function(.string, .string) { .string(variable($0[0].text) ?? $0[1].text) },
        "mustEnv": Function(.string) { arguments in
            guard let value = variable(arguments[0].text) else {
                throw FunctionError("the environment variable \"\(arguments[0].text)\" is not set")
            }
            return .string(value)
        },
    ])

    private static func variable(_ name: GoString) -> GoString? {
        guard let value = unsafe getenv(name.description) else { return nil }
        return unsafe GoString(String(cString: value))
    }
}
