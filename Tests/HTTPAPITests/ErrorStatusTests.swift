import HTTPTypes
import HummingbirdCore
import Registry
import Testing

@testable import HTTPAPI

@Suite struct `Errors of the registry` {
    @Test(arguments: [
        (RegistryError.storage("the disk is full"), 507), (.overloaded, 503), (.stopped, 503),
    ]) func `have a status, and the sentence as their text`(_ error: RegistryError, _ status: Int) throws {
        let answer = try #require(APIError(error, on: "/"))
        #expect(answer.status.code == status)
        #expect(answer.description == error.description)
        #expect((try answer.response(asProblem: false).headers[.retryAfter] != nil) == (error == .overloaded))
    }

    @Test func `a change that makes no sense is the client's fault`() throws {
        let error = RegistryError.refused(.unknownNode(try NodeName("a")))
        #expect(APIError(error, on: "/")?.status == .badRequest)
    }

    @Test func `what is nobody's fault outside is no status of ours`() {
        #expect(APIError(CancellationError(), on: "/") == nil)
    }
}
