package import DNS
import NIOCore
import NIOPosix
import Synchronization

/// A DNS server on loopback that answers, over UDP and TCP, whatever a test says, and remembers what it was asked.
package final class FakeRecursor: Sendable {
    package struct Question: Hashable, Sendable {
        package var name: DomainName
        package var type: RecordType
        package var isOverTCP: Bool
    }

    package struct Record: Sendable {
        package var owner: String
        package var type: RecordType
        package var timeToLive: UInt32
        package var data: [UInt8]

        package init(_ owner: String, _ type: RecordType, _ timeToLive: UInt32 = 60, _ data: [UInt8]) {
            self.owner = owner
            self.type = type
            self.timeToLive = timeToLive
            self.data = data
        }
    }

    package enum Reply: Sendable {
        case silence
        case answer([Record])
        /// A response code, with an authority section.
        case code(UInt8, [Record] = [])
        /// An empty answer with TC.
        case truncated
        /// These octets behind the query's ID.
        case octets([UInt8])
    }

    package let server: ServerAddress
    private let desk: Desk
    private let channels: [any Channel]

    /// What was asked so far.
    package var asked: [Question] { desk.log.withLock { $0 } }

    /// How often a name was asked for.
    package func count(_ name: String) -> Int { asked.count { $0.name == DomainName(name) } }

    package init(_ behaviour: @escaping @Sendable (Question) -> Reply) async throws {
        let desk = Desk(behaviour)
        let group = MultiThreadedEventLoopGroup.singleton
        let listening = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Stream(desk))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = listening.localAddress?.port ?? 0
        let datagrams = try await DatagramBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Datagrams(desk))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        guard let server = ServerAddress(.v4(0x7f00_0001), port: UInt16(port)) else { throw NoPort() }
        self.server = server
        self.desk = desk
        channels = [listening, datagrams]
    }

    deinit { for channel in channels { channel.close(promise: nil) } }

    private struct NoPort: Error {}

    /// Answers messages.
    fileprivate final class Desk: Sendable {
        let log = Mutex<[Question]>([])
        private let behaviour: @Sendable (Question) -> Reply

        init(_ behaviour: @escaping @Sendable (Question) -> Reply) { self.behaviour = behaviour }

        func reply(to query: [UInt8], isOverTCP: Bool) -> [UInt8]? {
            var end = 12
            while end < query.count, query[end] != 0 { end += 1 + Int(query[end]) }
            guard end + 5 <= query.count, let name = try? DomainName(wire: query[12...end])
            else { return nil }
            let type = RecordType(rawValue: UInt16(query[end + 1]) << 8 | UInt16(query[end + 2]))
            let question = Question(name: name, type: type, isOverTCP: isOverTCP)
            log.withLock { $0.append(question) }
            let opening = query[12..<end + 5]
            switch behaviour(question) {
            case .silence: return nil
            case .answer(let records): return message(query, 0x8180, opening, records, [])
            case .code(let code, let authority): return message(query, 0x8180 | UInt16(code), opening, [], authority)
            case .truncated: return message(query, 0x8380, opening, [], [])
            case .octets(let octets): return query.prefix(2) + octets
            }
        }

        private func message(
            _ query: [UInt8], _ flags: UInt16, _ question: ArraySlice<UInt8>, _ answer: [Record],
            _ authority: [Record]
        ) -> [UInt8] {
            var octets = Array(query.prefix(2))
            for word in [flags, 1, UInt16(answer.count), UInt16(authority.count), 0] { octets += Self.octets(word) }
            octets += question
            for record in answer + authority {
                octets += DomainName(record.owner)?.wire ?? []
                octets += Self.octets(record.type.rawValue) + [0, 1]
                octets += Self.octets(UInt16(record.timeToLive >> 16)) + Self.octets(UInt16(record.timeToLive & 0xffff))
                octets += Self.octets(UInt16(record.data.count)) + record.data
            }
            return octets
        }

        private static func octets(_ word: UInt16) -> [UInt8] { [UInt8(word >> 8), UInt8(word & 255)] }
    }

    private final class Datagrams: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>

        private let desk: Desk

        init(_ desk: Desk) { self.desk = desk }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            guard let reply = desk.reply(to: Array(envelope.data.readableBytesView), isOverTCP: false) else { return }
            let answer = AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: reply))
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }
    }

    private final class Stream: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let desk: Desk
        private var received = ByteBuffer()

        init(_ desk: Desk) { self.desk = desk }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.writeImmutableBuffer(unwrapInboundIn(data))
            while let query = received.readLengthPrefixedSlice(as: UInt16.self) {
                guard let reply = desk.reply(to: Array(query.readableBytesView), isOverTCP: true) else { continue }
                var framed = ByteBuffer(integer: UInt16(reply.count))
                framed.writeBytes(reply)
                context.writeAndFlush(wrapOutboundOut(framed), promise: nil)
            }
        }
    }
}
