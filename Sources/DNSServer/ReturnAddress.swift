import CDatagram
import DNS

/// Where the reply to a datagram goes, and from which address: for replies that are sent later than their batch's.
struct ReturnAddress: Sendable {
    fileprivate var address = cdatagram_return_address()
}

extension DatagramBatch {
    /// - Parameter index: below the count received last.
    func returnAddress(_ index: Int) -> ReturnAddress {
        var address = ReturnAddress()
        unsafe cdatagram_batch_return_address(batch, CUnsignedInt(index), &address.address)
        return address
    }

    /// Sets RA in the replies to those who may have recursion, but for those that are signed.
    func markRecursionAvailable(_ count: CInt, except signed: Set<Int>, to isAllowed: (IPAddress) -> Bool) {
        for index in 0..<Int(count) where unsafe batch.pointee.lengths[index] > 0 && !signed.contains(index) {
            let client = unsafe IPAddress(batch.pointee.sources[index])
            if isAllowed(client) { unsafe batch.pointee.datagrams[index * batch.pointee.stride + 3] |= 0x80 }
        }
    }
}

extension UDPSocket {
    /// Sends a reply if the system takes it at once.
    ///
    /// - Returns: whether it did.
    @discardableResult
    func reply(_ octets: [UInt8], to address: ReturnAddress) -> Bool {
        unsafe withUnsafePointer(to: address.address) { address in
            unsafe octets.withUnsafeBufferPointer { octets in
                guard let start = octets.baseAddress else { return false }
                return unsafe cdatagram_reply(descriptor, address, start, octets.count) == 0
            }
        }
    }
}
