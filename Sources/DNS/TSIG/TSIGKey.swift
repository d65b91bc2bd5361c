import Crypto
import Foundation

/// A secret that two servers share, with the name that messages call it by (RFC 8945 2).
package struct TSIGKey: Hashable, Sendable {
    package enum Algorithm: String, CaseIterable, Sendable {
        case sha256 = "hmac-sha256"
        case sha384 = "hmac-sha384"
        case sha512 = "hmac-sha512"

        /// Octets of a MAC that is not cut short.
        var length: Int {
            switch self {
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }

        /// The algorithm as a message names it: one label.
        var wire: [UInt8] { [UInt8(rawValue.utf8.count)] + Array(rawValue.utf8) + [0] }
    }

    package var name: DomainName
    package var algorithm: Algorithm
    /// Never empty.
    package var secret: [UInt8]

    package init(name: DomainName, algorithm: Algorithm, secret: [UInt8]) {
        self.name = name
        self.algorithm = algorithm
        self.secret = secret
    }

    func mac(of octets: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: secret)
        return switch algorithm {
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: octets, using: key))
        case .sha384: Array(HMAC<SHA384>.authenticationCode(for: octets, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: octets, using: key))
        }
    }

    /// Compares whole MACs, in a time that does not tell where the first difference is.
    func isValid(_ mac: [UInt8], of octets: [UInt8]) -> Bool {
        let key = SymmetricKey(data: secret)
        return switch algorithm {
        case .sha256: HMAC<SHA256>.isValidAuthenticationCode(mac, authenticating: octets, using: key)
        case .sha384: HMAC<SHA384>.isValidAuthenticationCode(mac, authenticating: octets, using: key)
        case .sha512: HMAC<SHA512>.isValidAuthenticationCode(mac, authenticating: octets, using: key)
        }
    }
}

extension TSIGKey: CustomStringConvertible {
    /// Without the secret, as it may end up in a log.
    package var description: String { "\(algorithm.rawValue):\(name)" }
}
