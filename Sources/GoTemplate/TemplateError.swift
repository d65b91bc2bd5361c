/// Why a template could not be parsed or executed.
package struct TemplateError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The text is not a template.
        case syntax
        /// The template went wrong on this data.
        case execution
        /// A function needs something that does not exist yet: try again when it may.
        case missingDependency
        /// The template would take too much time, memory or depth.
        case limit
    }

    /// The part of the template that was being executed.
    package struct Place: Hashable, Sendable {
        /// The name of the defined template, or of the file.
        package var template: String
        /// The source of the failing node, with blanks normalised.
        package var node: String
    }

    package var kind: Kind
    /// The name that the template was parsed under: its file.
    package var name: String
    /// From 1.
    package var line: Int
    /// In octets from 0, as Go counts.
    package var column: Int
    /// `nil` for a syntax error.
    package var place: Place?
    package var message: String

    /// `file:line:column`, with the column from 1, as editors and compilers have it.
    package var location: String { "\(name):\(line):\(column + 1)" }
}

extension TemplateError: CustomStringConvertible {
    /// Go's own wording, which users of consul-template know.
    package var description: String {
        guard let place else { return "template: \(name):\(line): \(message)" }
        return "template: \(name):\(line):\(column): executing \(GoString(place.template).quoted) at <\(place.node)>: "
            + message
    }
}

/// A function's refusal of its arguments; the message follows "error calling NAME: ".
package struct FunctionError: Error, Hashable, Sendable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}

/// Thrown by a function that needs something that does not exist yet. The template is not wrong: it is not ready.
package struct MissingDependency: Error, Hashable, Sendable, CustomStringConvertible {
    /// Such as `key "app/port"`.
    package var name: String

    package init(_ name: String) { self.name = name }

    package var description: String { "\(name) does not exist yet" }
}
