import Foundation
import NIOSSL

extension ClientSettings.Trust {
    /// - Throws: ``APIClientError/badSetting(_:reason:)`` for files that cannot be read.
    func configuration() throws(APIClientError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !verifies { configuration.certificateVerification = .none }
        if let roots = try authorities() { configuration.trustRoots = .certificates(roots) }
        switch (certificateFile, keyFile) {
        case (nil, nil): break
        case (let certificates?, let key?):
            configuration.certificateChain = try Self.read(certificates).map { .certificate($0) }
            do {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
            } catch {
                throw .badSetting("the client key \(key)", reason: "is no key in PEM form that can be read")
            }
        default: throw .badSetting("a client certificate", reason: "needs both -client-cert and -client-key")
        }
        return configuration
    }

    /// Of a folder, every file that holds certificates; `nil`: those that the host trusts.
    private func authorities() throws(APIClientError) -> [NIOSSLCertificate]? {
        if let authorityFile { return try Self.read(authorityFile) }
        guard let authorityFolder else { return nil }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: authorityFolder).sorted()
        } catch {
            throw .badSetting("the folder of certificates \(authorityFolder)", reason: "cannot be read")
        }
        return names.flatMap { name in
            (try? NIOSSLCertificate.fromPEMFile("\(authorityFolder)/\(name)")) ?? []
        }
    }

    private static func read(_ file: String) throws(APIClientError) -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMFile(file)
        } catch {
            throw .badSetting("the certificate file \(file)", reason: "has no certificate in PEM form that can be read")
        }
    }
}
