/// One file to keep up to date: rendered from `source` to `destination`, after which `command` runs.
package struct Template: Hashable, Sendable {
    /// The path of a template in Go's text/template language.
    package var source: String
    /// The path of the file that is written. If it is a symbolic link, the file it names is replaced and the link stays.
    package var destination: String
    /// A shell command (`sh -c`), run after the file has changed; `nil`: none.
    ///
    /// It comes from the operator alone, never from the network or a container.
    package var command: String?

    package init(source: String, destination: String, command: String? = nil) {
        self.source = source
        self.destination = destination
        self.command = command
    }
}
