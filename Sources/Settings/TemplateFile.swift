/// One file to render: from which template, and what to run afterwards.
package struct TemplateFile: Hashable, Sendable {
    /// The template's path; relative to the working directory.
    package var source: String
    /// The rendered file's path; relative to the working directory.
    package var destination: String
    /// Run by the shell after the file was replaced.
    package var command: String?

    package init(source: String, destination: String, command: String? = nil) {
        self.source = source
        self.destination = destination
        self.command = command
    }
}

extension TemplateFile: CustomStringConvertible {
    /// `IN:OUT[:COMMAND]`.
    package var description: String {
        [source, destination, command].compactMap(\.self).joined(separator: ":")
    }
}
