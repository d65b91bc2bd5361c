import ArgumentParser

/// `berth services`: what is registered with the server's own node.
struct Services: CommandGroup {
    static let configuration = CommandConfiguration(
        abstract: "Register and deregister services on the server's node.",
        subcommands: [ServicesDeregister.self, ServicesRegister.self])
}
