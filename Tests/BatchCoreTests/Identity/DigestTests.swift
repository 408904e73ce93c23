import BatchCore
import Testing

@Suite("Digests")
struct DigestTests {
    @Test("A digest is the SHA-256 of its bytes, and comes back from storage as it was")
    func knownValue() throws {
        // FIPS 180-4: the digest of "abc".
        let digest = Digest.sha256(Array("abc".utf8))
        #expect(digest.bytes.prefix(4) == [0xba, 0x78, 0x16, 0xbf])
        #expect(digest.bytes.suffix(2) == [0x15, 0xad])
        #expect(digest.prefix == 0xba78_16bf_8f01_cfea)
        #expect(try #require(Digest(bytes: digest.bytes)) == digest)
    }

    @Test("Anything but 32 bytes is no digest", arguments: [0, 1, 31, 33, 64])
    func wrongLength(_ count: Int) {
        #expect(Digest(bytes: [UInt8](repeating: 7, count: count)) == nil)
    }

    @Test("One other bit anywhere makes another digest")
    func everyByteCounts() throws {
        let digest = Digest.sha256([])
        for place in 0..<Digest.byteCount {
            var bytes = digest.bytes
            bytes[place] ^= 1
            #expect(try #require(Digest(bytes: bytes)) != digest)
        }
    }
}
