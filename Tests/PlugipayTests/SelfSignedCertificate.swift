import Crypto
import NIOSSL

/// A certificate that a test makes for itself, for one IPv4 address (RFC 5280, in DER).
struct SelfSignedCertificate {
    private let certificate: NIOSSLCertificate
    private let key: NIOSSLPrivateKey

    init(address: [UInt8]) throws {
        let signingKey = P256.Signing.PrivateKey()
        let ecdsaWithSHA256 = DER.sequence(
            DER.element(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02])
        )
        let commonName = DER.sequence(
            DER.element(0x06, [0x55, 0x04, 0x03]),
            DER.element(0x0C, Array("test".utf8))
        )
        let name = DER.sequence(DER.element(0x31, commonName))
        let validity = DER.sequence(
            DER.element(0x17, Array("200101000000Z".utf8)),
            DER.element(0x17, Array("491231235959Z".utf8))
        )
        let subjectAlternativeName = DER.sequence(
            DER.element(0x06, [0x55, 0x1D, 0x11]),
            DER.element(0x04, DER.sequence(DER.element(0x87, address)))
        )
        let signed = DER.sequence(
            DER.element(0xA0, DER.element(0x02, [2])),
            DER.element(0x02, [1]),
            ecdsaWithSHA256,
            name,
            validity,
            name,
            Array(signingKey.publicKey.derRepresentation),
            DER.element(0xA3, DER.sequence(subjectAlternativeName))
        )
        let signature = try signingKey.signature(for: signed)
        let whole = DER.sequence(
            signed,
            ecdsaWithSHA256,
            DER.element(0x03, [0] + Array(signature.derRepresentation))
        )
        certificate = try NIOSSLCertificate(bytes: whole, format: .der)
        key = try NIOSSLPrivateKey(bytes: Array(signingKey.derRepresentation), format: .der)
    }

    /// What a server needs to show the certificate.
    func serverContext() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(key)
            )
        )
    }

    /// What a client needs to trust this certificate and no other.
    func clientConfiguration() -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([certificate])
        return configuration
    }
}

/// The few elements of ASN.1's DER that a certificate has.
private enum DER {
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            switch content.count {
            case ..<0x80: [UInt8(content.count)]
            case ..<0x100: [0x81, UInt8(content.count)]
            default: [0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
            }
        return [tag] + length + content
    }

    static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        element(0x30, elements.flatMap { $0 })
    }
}
