/// Finds the functions and initialisers of masked code and how many lines each takes.
struct FunctionFinder {
    struct Function: Equatable {
        let name: String
        /// From 1.
        let line: Int
        /// From the line of the name to that of the closing brace.
        let length: Int
    }

    private let tokens: [Token]

    private struct Token {
        let text: String
        let line: Int
    }

    init(code: [String]) {
        var tokens: [Token] = []
        for (offset, line) in code.enumerated() {
            var word = ""
            for character in line + " " {
                if character.isLetter || character.isNumber || character == "_" {
                    word.append(character)
                    continue
                }
                if !word.isEmpty { tokens.append(Token(text: word, line: offset + 1)) }
                word = ""
                if !character.isWhitespace {
                    tokens.append(Token(text: String(character), line: offset + 1))
                }
            }
        }
        self.tokens = tokens
    }

    var functions: [Function] {
        tokens.indices.compactMap { start in
            guard isDeclaration(at: start), let open = openingBrace(after: start) else {
                return nil
            }
            let close = closingBrace(of: open)
            let isFunction = tokens[start].text == "func"
            return Function(
                name: isFunction ? tokens[start + 1].text : "init",
                line: tokens[start].line,
                length: tokens[close].line - tokens[start].line + 1
            )
        }
    }

    private func isDeclaration(at index: Int) -> Bool {
        guard index + 1 < tokens.count else { return false }
        let previous = index > 0 ? tokens[index - 1].text : ""
        return switch tokens[index].text {
        case "func": true
        // Not `self.init(`, `.init(` or `Row.init`.
        case "init": previous != "." && ["(", "<", "?"].contains(tokens[index + 1].text)
        default: false
        }
    }

    /// The brace that opens the body, or nil for a requirement of a protocol.
    private func openingBrace(after start: Int) -> Int? {
        guard let parameters = tokens[start...].firstIndex(where: { $0.text == "(" }) else {
            return nil
        }
        var depth = 0
        for index in parameters..<tokens.count {
            switch tokens[index].text {
            case "(": depth += 1
            case ")": depth -= 1
            case "{" where depth == 0: return index
            case "}" where depth == 0: return nil
            case "func", "init", "var", "let", "static", "mutating", "associatedtype", "subscript":
                if depth == 0 { return nil }
            default: break
            }
        }
        return nil
    }

    private func closingBrace(of open: Int) -> Int {
        var depth = 0
        for index in open..<tokens.count {
            if tokens[index].text == "{" { depth += 1 }
            if tokens[index].text == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        return tokens.count - 1
    }
}
