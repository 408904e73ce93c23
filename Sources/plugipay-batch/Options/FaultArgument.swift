import ArgumentParser
import BatchCore
import PlugipaySandbox

/// One `KIND=PROBABILITY` of `--fault`.
struct FaultArgument: Sendable, Hashable {
    /// What goes wrong.
    let kind: FaultKind
    /// How often, from 0 to 1.
    let probability: Double

    /// Reads `KIND=PROBABILITY`.
    @Sendable
    init(text: String) throws(ValidationError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = FaultKind(rawValue: parts[0]) else {
            let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError(
                "\"\(SafeText(text))\" is no fault; write KIND=PROBABILITY, as in reset=0.02. "
                    + "Kinds: \(kinds)"
            )
        }
        guard let probability = Double(parts[1]), (0...1).contains(probability) else {
            throw ValidationError(
                "\"\(SafeText(text))\": a probability is a number from 0 to 1, as in 0.02"
            )
        }
        self.kind = kind
        self.probability = probability
    }
}
