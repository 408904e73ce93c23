/// The members of a gzip input, one after the other, and nothing after them.
///
/// States: between members (the next two bytes must be a member's magic, or the input ends) and
/// inside one (left when zlib has checked its trailer). Both fail for good on damage.
struct GzipDecoder {
    /// What to do next.
    enum Step {
        /// This many bytes were written; some compressed bytes may be left over.
        case produced(Int)
        /// All input is used up; give more, or say that there is none.
        case needsInput
        /// The input ended after a complete member.
        case finished
        /// Damage after `consumed` bytes of this input.
        case damaged(String)
    }

    static let magic: [UInt8] = [0x1F, 0x8B]

    private static let cutOff = "compressed data ends before the end of its member (cut off?)"

    private let inflater: Inflater
    private var isInsideMember = false
    private var members = 0
    /// Compressed bytes of the input handed in that were used by the last step.
    private(set) var consumed = 0

    init(_ inflater: Inflater) {
        self.inflater = inflater
    }

    /// Decodes `input[source]` into `output[target]`; `isLast` says that no input follows it.
    mutating func decode(
        _ input: [UInt8],
        _ source: Range<Int>,
        isLast: Bool,
        into output: inout [UInt8],
        _ target: Range<Int>
    ) -> Step {
        consumed = 0
        if !isInsideMember {
            guard source.count >= Self.magic.count || isLast else { return .needsInput }
            if source.isEmpty && members > 0 { return .finished }
            guard input[source].starts(with: Self.magic) else {
                return missingMember(source)
            }
            inflater.reset()
            isInsideMember = true
        }
        let step = inflater.inflate(input, source, into: &output, target)
        consumed = step.consumed
        switch step.outcome {
        case .corrupt(let reason):
            return .damaged("compressed data is damaged (\(reason))")
        case .memberEnded:
            isInsideMember = false
            members += 1
            // A member may be empty: the caller comes again until there is something.
            return .produced(step.produced)
        case .running:
            if step.produced > 0 { return .produced(step.produced) }
            return isLast && consumed == source.count
                ? .damaged(Self.cutOff)
                : .needsInput
        }
    }

    /// Half a magic at the very start is a file that was cut off; anything else is not ours.
    private mutating func missingMember(_ source: Range<Int>) -> Step {
        guard members == 0 && source.count < Self.magic.count else {
            return .damaged("there are bytes after the end of the compressed data")
        }
        consumed = source.count
        return .damaged(Self.cutOff)
    }
}
