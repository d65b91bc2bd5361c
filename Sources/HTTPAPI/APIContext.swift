import DNS
import Hummingbird
import NIOCore

/// What a request's handler knows of its connection.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// True where the client reached us through a loopback address, so that the Host header must be checked. A
    /// connection without addresses counts as one.
    var isLoopback: Bool {
        guard let text = channel.localAddress?.ipAddress, let address = IPAddress(text) else { return true }
        if case .v6(high: 0, let low) = address, low >> 32 == 0xffff {
            return IPAddress.v4(UInt32(truncatingIfNeeded: low)).isLoopback
        }
        return address.isLoopback
    }
}
