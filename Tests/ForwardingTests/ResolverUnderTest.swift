import DNS
import Foundation
import Logging
import Synchronization
import TestSupport

@testable import Forwarding

/// A resolver that serves on a thread of its own while `body` runs.
func withResolver<Result>(
    _ recursors: [ServerAddress], _ body: (ForwardingResolver) async throws -> Result
) async throws -> Result {
    let resolver = try ForwardingResolver(
        recursors: recursors, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let thread = Thread { resolver.serve() }
    thread.start()
    defer { resolver.stop() }
    return try await body(resolver)
}

/// A loopback address that nobody answers at.
func deadServer() throws -> ServerAddress {
    guard let server = ServerAddress(.v4(0x7f00_0001), port: 1) else { throw NoServer() }
    return server
}

struct NoServer: Error {}

extension ForwardingResolver {
    /// Asks, and waits; `nil` if nobody could tell.
    func answer(_ name: String, _ type: RecordType = .a) async throws -> ForeignAnswer? {
        let name = try DomainName(text: name)
        return try await withCheckedThrowingContinuation { continuation in
            let isOpen = resolve(name, type) { continuation.resume(returning: $0) }
            if !isOpen { continuation.resume(throwing: Full()) }
        }
    }

    struct Full: Error {}
}
