package import NIOSSL

/// A server's TLS with a certificate that nobody trusts, for `localhost` and 127.0.0.1.
///
/// Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost
/// -addext subjectAltName=DNS:localhost,IP:127.0.0.1`; the key protects nothing.
package enum SelfSigned {
    /// - Parameters:
    ///   - protocols: what the server offers to speak (ALPN).
    ///   - asksClient: whether a client must show this very certificate.
    package static func configuration(
        protocols: [String] = [], asksClient: Bool = false
    ) throws -> TLSConfiguration {
        let certificate = try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
        configuration.applicationProtocols = protocols
        if asksClient {
            configuration.trustRoots = .certificates([certificate])
            configuration.certificateVerification = .noHostnameVerification
        }
        return configuration
    }

    package static func context(protocols: [String] = []) throws -> NIOSSLContext {
        try NIOSSLContext(configuration: configuration(protocols: protocols))
    }

    package static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglfzdeykAwk2tRzjC
        gFvdfKOoPpMD0J4h0YkAgoA5lk6hRANCAAStaPJyIuFuB+0RBzJEk7EsVb11qkuI
        ukeKcvIBL0VReY/cLsKf1hxGMkrfUbXKOyXwdk1/p9bFeT6wh7/1ZBBU
        -----END PRIVATE KEY-----
        """

    package static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUR2Mwu1/8H48SM0pVwSLZo+zqCUkwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA4MjA1MloYDzIxMjYxMDMw
        MDgyMDUyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAStaPJyIuFuB+0RBzJEk7EsVb11qkuIukeKcvIBL0VReY/cLsKf1hxG
        MkrfUbXKOyXwdk1/p9bFeT6wh7/1ZBBUo28wbTAdBgNVHQ4EFgQUx19L0dVXtG5c
        RGRWaA5d1GiGjsgwHwYDVR0jBBgwFoAUx19L0dVXtG5cRGRWaA5d1GiGjsgwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIhALtoZn+0/inU/RmMCy6W+/AJ2UACbYU5grNKbOM2GlCzAiBH
        yy/GVta8fRRC/KNC357WPRPnSpMmKOpKE9M1P3o2cA==
        -----END CERTIFICATE-----
        """
}
