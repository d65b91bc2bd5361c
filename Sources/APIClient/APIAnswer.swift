import Foundation
package import NIOCore
import NIOFoundationCompat

/// A whole answer.
package struct APIAnswer: Sendable {
    package let status: Int
    /// The index to wait with for another; `nil`: the answer has none.
    package let index: UInt64?
    package let body: ByteBuffer
    private let path: String

    init(status: Int, index: UInt64?, body: ByteBuffer, path: String) {
        self.status = status
        self.index = index
        self.body = body
        self.path = path
    }

    package var text: String { String(buffer: body) }

    /// The body, read as JSON.
    ///
    /// - Throws: ``APIClientError/unreadable(path:reason:)``.
    package func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws(APIClientError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch {
            throw .unreadable(path: path, reason: String("\(error)".prefix(200)))
        }
    }

    /// This answer, if it is a success.
    ///
    /// - Throws: ``APIClientError/refused(status:message:)``, with what the server says about it.
    package func succeeded() throws(APIClientError) -> APIAnswer {
        guard (200...299).contains(status) else {
            var message = text
            while message.last?.isNewline == true { message.removeLast() }
            throw .refused(status: status, message: message)
        }
        return self
    }
}
