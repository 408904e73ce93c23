/// The rules, each a pure function from files to findings.
enum TidyRules {
    // MARK: Sizes

    static func wideLines(_ file: SourceFile) -> [Finding] {
        file.lines.enumerated().compactMap { offset, line in
            guard line.count > HouseRules.lineWidth else { return nil }
            return Finding(
                file.path,
                line: offset + 1,
                "\(line.count) columns; at most \(HouseRules.lineWidth)"
            )
        }
    }

    static func longFile(_ file: SourceFile) -> [Finding] {
        let limit = file.isSource ? HouseRules.sourceFileLines : HouseRules.testFileLines
        guard file.lines.count > limit else { return [] }
        return [Finding(file.path, "\(file.lines.count) lines; at most \(limit)")]
    }

    static func longMedian(_ files: [SourceFile]) -> [Finding] {
        let sizes = files.map(\.lines.count).sorted()
        guard !sizes.isEmpty else { return [] }
        let median = sizes[sizes.count / 2]
        guard median > HouseRules.sourceFileLinesMedian else { return [] }
        let limit = HouseRules.sourceFileLinesMedian
        return [Finding("Sources", "the median file has \(median) lines; at most \(limit)")]
    }

    static func longFunctions(_ file: SourceFile) -> [Finding] {
        FunctionFinder(code: file.code).functions
            .filter { $0.length >= HouseRules.functionLines }
            .map { function in
                let limit = HouseRules.functionLines
                let message = "\(function.name) takes \(function.length) lines; under \(limit)"
                return Finding(file.path, line: function.line, message)
            }
    }

    // MARK: Words and imports

    static func forbiddenWords(_ file: SourceFile) -> [Finding] {
        HouseRules.forbiddenWords.filter { !$0.isAllowed(in: file.path) }.flatMap { word in
            let lines = word.countsInComments ? file.lines : file.code
            return lines.enumerated().filter { word.occurs(in: $0.element) }.map { offset, _ in
                Finding(file.path, line: offset + 1, "`\(word.text)`: \(word.reason)")
            }
        }
    }

    static func imports(_ file: SourceFile) -> [Finding] {
        guard let allowed = HouseRules.imports[file.module] else {
            return [Finding(file.path, "`\(file.module)` is not among the modules of HouseRules")]
        }
        return importedModules(file).compactMap { line, module in
            if let lone = HouseRules.loneImporters[module], lone != file.path {
                return Finding(file.path, line: line, "only \(lone) imports \(module)")
            }
            if allowed.union(HouseRules.platformModules).contains(module) { return nil }
            if module == "Foundation", allowed.contains("FoundationEssentials"),
                standsInForEssentials(file, line: line)
            {
                return nil
            }
            return Finding(file.path, line: line, "\(file.module) does not import \(module)")
        }
    }

    /// Where the system has no FoundationEssentials, Foundation has its members.
    private static func standsInForEssentials(_ file: SourceFile, line: Int) -> Bool {
        line > 2 && file.code[line - 2] == "#else"
            && file.code[line - 3].hasSuffix("import FoundationEssentials")
    }

    static func importedModules(_ file: SourceFile) -> [(line: Int, module: String)] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return file.code.enumerated().compactMap { offset, line in
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "@" }
                .map(String.init)
            guard let start = words.firstIndex(of: "import") else { return nil }
            let modifiers: Set = ["public", "package", "internal", "fileprivate", "private"]
            guard words[..<start].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") }) else {
                return nil
            }
            let module = words[(start + 1)...].first { !kinds.contains($0) }
            return module.map { (offset + 1, $0) }
        }
    }

    /// Imports that build only because another target happens to bring the module.
    static func undeclaredImports(_ file: SourceFile, manifest: SourceFile) -> [Finding] {
        let declared = targetDeclaration(of: file.module, in: manifest)
        let foundation: Set = ["Foundation", "FoundationEssentials"]
        return importedModules(file).compactMap { line, module in
            let isPlatform = HouseRules.platformModules.union(foundation).contains(module)
            guard !isPlatform, !declared.contains("\"\(module)\"") else { return nil }
            let message = "Package.swift lists no \(module) for \(file.module)"
            return Finding(file.path, line: line, message)
        }
    }

    /// The lines of Package.swift from the target's name to the next target.
    private static func targetDeclaration(of module: String, in manifest: SourceFile) -> String {
        let isStart = { (line: String) in line.lowercased().contains("target(") }
        guard
            let name = manifest.lines.indices.first(where: { index in
                manifest.lines[index].contains("name: \"\(module)\"")
                    && (isStart(manifest.lines[index])
                        || index > 0 && isStart(manifest.lines[index - 1]))
            })
        else { return "" }
        return manifest.lines[(name + 1)...].prefix { !isStart($0) }.joined(separator: "\n")
    }

    // MARK: Bytes

    static func untidyBytes(path: String, bytes: [UInt8]) -> [Finding] {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            return [Finding(path, "not UTF-8")]
        }
        var findings: [Finding] = []
        if bytes.last != UInt8(ascii: "\n") {
            findings.append(Finding(path, "does not end with a newline"))
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (offset, line) in lines.enumerated() {
            if line.contains(UInt8(ascii: "\t")) {
                findings.append(Finding(path, line: offset + 1, "a tab"))
            }
            if let last = line.last, [UInt8(ascii: " "), UInt8(ascii: "\r")].contains(last) {
                findings.append(Finding(path, line: offset + 1, "blanks at the end"))
            }
        }
        return findings
    }
}
