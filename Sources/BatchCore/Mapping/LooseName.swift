/// A column name without case, blanks and punctuation: `E-Mail` and `e_mail` are one.
struct LooseName: Sendable, Hashable {
    private let letters: [Unicode.Scalar]

    init(_ name: String) {
        letters = name.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
            Self.isSignificant(scalar)
                ? Array(scalar.properties.lowercaseMapping.unicodeScalars) : []
        }
    }

    private static func isSignificant(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar)
        }
        return switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control, .format,
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            false
        default: true
        }
    }

    /// The closest of some names, unless even that one is too far off to have been meant.
    func nearest(among names: [LooseName]) -> LooseName? {
        var best: (name: LooseName, distance: Int)?
        for name in names {
            let distance = distance(to: name)
            if distance <= Self.typingErrors(in: letters.count), distance < best?.distance ?? .max {
                best = (name, distance)
            }
        }
        return best?.name
    }

    /// How many slips a name of this length may hold and still be recognised.
    ///
    /// Short names are a letter or two away from anything: `zip` is no misspelt `ein`.
    private static func typingErrors(in length: Int) -> Int {
        switch length {
        case ...4: 1
        case ...8: 2
        default: 3
        }
    }

    /// Longer names are no slips of a known one and are not worth a table of their size.
    private static let longestCompared = 64

    /// The optimal string alignment distance: insertions, deletions, replacements and swaps of two
    /// neighbours count one each.
    func distance(to other: LooseName) -> Int {
        let (rows, columns) = (letters, other.letters)
        guard max(rows.count, columns.count) <= Self.longestCompared else {
            return rows == columns ? 0 : max(rows.count, columns.count)
        }
        var beforeLast: [Int] = []
        var last = Array(0...columns.count)
        for row in rows.indices {
            var current = [row + 1]
            for column in columns.indices {
                let isSame = rows[row] == columns[column]
                var cost = min(current[column] + 1, last[column + 1] + 1)
                cost = min(cost, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, rows[row] == columns[column - 1],
                    rows[row - 1] == columns[column]
                {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[columns.count]
    }
}
