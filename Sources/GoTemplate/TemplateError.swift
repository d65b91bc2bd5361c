/// Why a template could not be parsed or executed.
///
/// A class, so that it is one word: every call in the deeply recursive parser and evaluator keeps room for it.
package final class TemplateError: Error, Sendable {
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
        package let template: String
        /// The source of the failing node, with blanks normalised.
        package let node: String
    }

    package let kind: Kind
    /// The name that the template was parsed under: its file.
    package let name: String
    /// From 1.
    package let line: Int
    /// In octets from 0, as Go counts.
    package let column: Int
    /// `nil` for a syntax error.
    package let place: Place?
    package let message: String

    init(kind: Kind, name: String, line: Int, column: Int, place: Place? = nil, message: String) {
        self.kind = kind
        self.name = name
        self.line = line
        self.column = column
        self.place = place
        self.message = message
    }

    /// `file:line:column`, with the column from 1, as editors and compilers have it.
    package var location: String { "\(name):\(line):\(column + 1)" }
}

extension TemplateError: Equatable {
    package static func == (left: TemplateError, right: TemplateError) -> Bool {
        left.kind == right.kind && left.column == right.column && left.description == right.description
    }
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
