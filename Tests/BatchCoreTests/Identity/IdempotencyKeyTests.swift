import BatchCore
import Testing

@Suite("Idempotency keys")
struct IdempotencyKeyTests {
    @Test("Body hash and key are those of the shared vectors")
    func vectors() throws {
        let vectors = try KeyVector.all()
        #expect(vectors.count >= 28)
        for vector in vectors {
            let body = Digest.sha256(Array(vector.body.utf8))
            #expect(hexadecimal(body.bytes) == vector.bodyDigest, "\(vector.title)")
            let operation = try vector.parsedOperation
            #expect(operation.text == vector.operation)
            let key = IdempotencyKey(
                operation: operation,
                scope: KeyScope(mode: vector.mode, namespace: vector.namespace),
                ordinal: vector.ordinal,
                epoch: vector.epoch,
                body: body
            )
            #expect(key.text == vector.key, "\(vector.title)")
        }
    }

    @Test("The trace id is the beginning of the hash behind the key")
    func traceID() throws {
        for ordinal in 0..<50 {
            let key = key(ordinal: ordinal)
            let hash = try base32hex(key.text.dropFirst("pb1-".count))
            #expect(hash.count == 20)
            #expect(key.traceID == hexadecimal(Array(hash.prefix(16))))
        }
    }

    @Test("Whatever a key is made of changes it")
    func parts() {
        let other = Digest.sha256(Array("{}".utf8))
        let keys = [
            key(),
            key(.update(id: "cus_1", updatedAt: "t1")),
            key(.update(id: "cus_1", updatedAt: "t2")),
            key(.update(id: "cus_2", updatedAt: "t1")),
            key(mode: "live"),
            key(mode: "test"),
            key(namespace: "live"),
            key(namespace: "0"),
            key(ordinal: 1),
            key(epoch: 1),
            key(ordinal: 1, epoch: 1),
            key(ordinal: 11),
            key(epoch: 11),
            key(body: other),
        ]
        #expect(Set(keys.map(\.text)).count == keys.count)
        #expect(Set(keys.map(\.traceID)).count == keys.count)
    }

    private func key(
        _ operation: IdempotencyKey.Operation = .create,
        mode: String = "",
        namespace: String = "",
        ordinal: Int = 0,
        epoch: Int = 0,
        body: Digest = .sha256([])
    ) -> IdempotencyKey {
        IdempotencyKey(
            operation: operation,
            scope: KeyScope(mode: mode, namespace: namespace),
            ordinal: ordinal,
            epoch: epoch,
            body: body
        )
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Reads base32hex digit by digit, as RFC 4648 tells.
    private func base32hex(_ text: some StringProtocol) throws -> [UInt8] {
        let bits = try text.flatMap { character in
            let value = try #require(Int(String(character), radix: 32))
            return (0..<5).map { value >> (4 - $0) & 1 }
        }
        return stride(from: 0, to: bits.count - 7, by: 8).map { start in
            bits[start..<start + 8].reduce(0) { $0 << 1 | UInt8($1) }
        }
    }
}
