/// What the command line says about columns.
package struct MappingOptions: Sendable, Hashable {
    /// One `--map FIELD=COLUMN`.
    package struct Map: Sendable, Hashable {
        /// What is filled.
        package var target: MappingTarget
        /// The column's name, or a JSON path joined by dots.
        package var column: String

        /// Fills a target from a column.
        package init(target: MappingTarget, column: String) {
            self.target = target
            self.column = column
        }

        /// Reads `FIELD=COLUMN`.
        ///
        /// - Throws: `MappingError` with code `bad_map`.
        package init(_ text: String) throws(MappingError) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let column = parts.last.map { trimmingBlanks($0) } ?? ""
            guard parts.count == 2, !column.isEmpty else { throw .badMap(text) }
            let name = trimmingBlanks(parts[0])
            guard let target = MappingTarget(named: name) else {
                throw .unknownTarget(name, in: text)
            }
            self.init(target: target, column: column)
        }
    }

    /// The `--map` flags, in the order given.
    package var maps: [Map]
    /// Whether columns that map to nothing are left out instead of refused.
    package var ignoresUnknownColumns: Bool

    /// Options by their parts.
    package init(maps: [Map] = [], ignoresUnknownColumns: Bool = false) {
        self.maps = maps
        self.ignoresUnknownColumns = ignoresUnknownColumns
    }

    /// Options by their text, `FIELD=COLUMN`.
    ///
    /// - Throws: `MappingError` with code `bad_map`.
    package init(maps: [String], ignoresUnknownColumns: Bool = false) throws(MappingError) {
        self.init(ignoresUnknownColumns: ignoresUnknownColumns)
        for text in maps {
            let map = try Map(text)
            if let other = self.maps.first(where: { $0.target == map.target }) {
                throw .repeatedTarget(map.target, other.column, map.column)
            }
            self.maps.append(map)
        }
    }
}

extension MappingOptions {
    /// Whether a `--map` fills something from a member of the metadata object, which must be a
    /// column of its own then.
    package var readsIntoMetadata: Bool {
        maps.contains { $0.column.hasPrefix(CustomerColumns.metadata + ".") }
    }
}

extension MappingOptions: CustomStringConvertible {
    /// The flags as they were given, for the journal.
    package var description: String {
        let flags = maps.map { "--map \($0.target.label)=\($0.column)" }
        return (flags + (ignoresUnknownColumns ? ["--ignore-unknown-columns"] : []))
            .joined(separator: " ")
    }
}
