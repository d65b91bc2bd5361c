import NIOCore
import NIOPosix
import Registry

/// Connects to a host and port, and at once hangs up.
struct TCPProbe {
    var host: Address
    var port: UInt16
    /// The address to connect to; `nil`: wherever the host's name leads.
    var place: Address?

    func run(timeout: Duration) async -> Verdict {
        do {
            try await connect(timeout: timeout)
            return HealthJudge.connected(host: host.text, port: port)
        } catch {
            return HealthJudge.failed(
                "TCP connect \(host.text):\(port)", reason: ProbeFailure.reason(error, timeout: timeout))
        }
    }

    private func connect(timeout: Duration) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        // A connection attempt cannot be called off, but nobody needs to wait for it: it ends by its timeout.
        let connected = group.any().makePromise(of: Void.self)
        let attempt = ClientBootstrap(group: group).connectTimeout(TimeAmount(timeout))
            .connect(host: (place ?? host).text, port: Int(port))
        attempt.whenComplete { result in
            switch result {
            case .success(let channel):
                channel.close(promise: nil)
                connected.succeed()
            case .failure(let error): connected.fail(error)
            }
        }
        try await withTaskCancellationHandler {
            try await connected.futureResult.get()
        } onCancel: {
            connected.fail(CancellationError())
        }
    }
}
