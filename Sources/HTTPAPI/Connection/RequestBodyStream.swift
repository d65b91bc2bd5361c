import Hummingbird
import NIOCore

/// A request's body that is read while it comes.
///
/// Of an event loop; what is read from ``body`` may be read anywhere.
struct RequestBodyStream {
    private typealias Pieces = NIOThrowingAsyncSequenceProducer<
        ByteBuffer, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, Reader
    >

    /// Told, on any thread, when more is wanted.
    private struct Reader: NIOAsyncSequenceProducerDelegate {
        let wantMore: @Sendable () -> Void

        func produceMore() { wantMore() }
        /// Nobody reads any more: the rest must not wait for it.
        func didTerminate() { wantMore() }
    }

    let body: RequestBody
    private let source: Pieces.Source

    /// - Parameter wantMore: called, on any thread, when more is wanted after ``add(_:)`` said that there is enough.
    init(wantMore: @escaping @Sendable () -> Void) {
        let pieces = Pieces.makeSequence(
            backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8), finishOnDeinit: true,
            delegate: Reader(wantMore: wantMore))
        source = pieces.source
        body = RequestBody(asyncSequence: pieces.sequence)
    }

    /// - Returns: whether more may be added before more is wanted.
    func add(_ piece: ByteBuffer) -> Bool {
        switch source.yield(piece) {
        case .produceMore, .dropped: true
        case .stopProducing: false
        }
    }

    func finish() { source.finish() }

    func fail(_ error: any Error) { source.finish(error) }
}
