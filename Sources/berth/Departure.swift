import ServiceLifecycle

/// Ends when it is told to leave, and with it everything else stops, gracefully.
struct Departure: Service {
    let gate: Gate

    func run() async throws { await gate.pass() }
}
