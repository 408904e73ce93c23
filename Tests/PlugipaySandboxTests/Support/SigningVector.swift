import Testing

/// A signature that was computed outside of this package (contract, section 3.1).
struct SigningVector: Sendable, CustomTestStringConvertible {
    let method: SandboxClient.Method
    let target: String
    var body = ""
    var idempotencyKey: String?
    let signature: String

    var testDescription: String { "\(method.rawValue) \(target)" }

    static let secret = "sk_test_contract_vector_secret"
    static let timestamp = "1767225600"
    private static let customer = "/api/v1/customers/cus_01HXAB7K3M9N2P5QRS8TVWXY3Z"

    static let all = [
        SigningVector(
            method: .get,
            target: customer,
            signature: "fbace25d4ef8010d5ff565485e4037acd82717950093d72e07a5ef01cabc77c8"
        ),
        SigningVector(
            method: .get,
            target: "/api/v1/customers?limit=100&order=asc",
            signature: "73d889dcd9bdbf3910429173c1dc9cef14b20f43e8b6130d2fd9d9c484998404"
        ),
        SigningVector(
            method: .get,
            target: "/api/v1/customers?email=ada%2Btest%40example.com",
            signature: "c5ae0907204980ceaecb82bcfc0b00baa3ed61859dd3a8125a949ecd170d2765"
        ),
        SigningVector(
            method: .post,
            target: "/api/v1/customers",
            body: #"{"email":"ada@example.com","externalId":"user_1","name":"Ada Lovelace"}"#,
            idempotencyKey: "import-user_1-v1",
            signature: "a0387d67a3ce450b0767e9e572aed05ebdf0d6c829a6555ffb89025b3e05cf2e"
        ),
        SigningVector(
            method: .patch,
            target: customer,
            body: #"{"name":"Čaj / 茶 <&>"}"#,
            idempotencyKey: "idem_0123456789abcdef0123456789abcdef",
            signature: "0253f7baab7a17a5cdad4dbd33a1073baa4f7295a855431f090656a0beafeb64"
        ),
        SigningVector(
            method: .delete,
            target: customer,
            idempotencyKey: "idem_del_1",
            signature: "56dfd2f46530e03daf1aad3f958abdb8a2b9116211bc31581fd0654937447bfa"
        ),
    ]
}
