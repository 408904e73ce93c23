package import RowIO

/// Decides what each column of an input fills: by `--map`, else by name, else by synonym.
package struct FieldMapping: Sendable {
    /// What to do with a member that maps to nothing, where columns appear row by row.
    package enum UnknownMembers: Sendable, Hashable {
        /// Collect it: the input is checked whole, and `Mapper.finish()` refuses the run.
        case refuseRun
        /// The row is `invalid`: rows are sent while later ones are still unread.
        case refuseRow
    }

    let options: MappingOptions
    private let roles: [String: [ColumnRole]]
    private let mapped: Set<MappingTarget>

    /// A mapping that follows some options.
    package init(options: MappingOptions = MappingOptions()) {
        self.options = options
        mapped = Set(options.maps.map(\.target))
        roles = Dictionary(grouping: options.maps, by: \.column)
            .mapValues { $0.map { Self.role(of: $0.target) } }
    }

    /// The mapper of an input whose columns its header names.
    ///
    /// - Parameters:
    ///   - header: the columns, in order.
    ///   - input: the input's name for people.
    /// - Returns: the mapper; its roles are fixed.
    /// - Throws: `MappingError` that lists everything that is wrong with the header.
    package func mapper(
        forHeader header: [Column],
        of input: String
    ) throws(MappingError) -> Mapper {
        let resolved = HeaderResolution(header, by: self)
        if let error = MappingError(resolved.problems, in: input) { throw error }
        return Mapper(roles: resolved.roles, leftOut: resolved.leftOut)
    }

    /// The mapper of an input of objects, whose columns appear as it is read.
    ///
    /// - Parameters:
    ///   - input: the input's name for people.
    ///   - unknown: what to do with members that map to nothing.
    /// - Returns: the mapper; it learns columns as it goes.
    package func mapper(
        forObjectsOf input: String,
        unknown: UnknownMembers
    ) -> Mapper {
        Mapper(objects: ObjectResolution(mapping: self, input: input, policy: unknown))
    }
}

// MARK: - One column

extension FieldMapping {
    /// What one column does, judged by itself, and how closely its name matched.
    struct Match {
        var role: ColumnRole
        var closeness = CustomerColumns.Closeness.exact
    }

    func match(_ column: Column) -> Match {
        let name = trimmingBlanks(column.name)
        if let roles = roles[name] {
            return Match(role: roles.count == 1 ? roles[0] : .several(roles))
        }
        if column.path.count > 1 { return Match(role: nestedRole(of: column.path)) }
        return namedMatch(name)
    }

    private func namedMatch(_ name: String) -> Match {
        if name.isEmpty { return Match(role: .unnamed) }
        if let (field, closeness) = CustomerColumns.field(named: name) {
            return isMapped(.field(field))
                ? Match(role: .superseded) : Match(role: .field(field), closeness: closeness)
        }
        if LooseName(name) == LooseName(CustomerColumns.metadata) {
            return isMapped(.metadata)
                ? Match(role: .superseded)
                : Match(
                    role: .metadata,
                    closeness: name == CustomerColumns.metadata ? .exact : .loose
                )
        }
        if let key = MappingTarget.metadataKey(of: name) {
            return isMapped(.metadataPair(key: key))
                ? Match(role: .superseded) : Match(role: .metadataCell(key: Array(key.utf8)))
        }
        guard let member = RecordMember(named: name) else { return Match(role: .unknown) }
        return Match(role: .record(member), closeness: name == member.rawValue ? .exact : .loose)
    }

    /// The role of a member inside another member's object: that one's name decides.
    private func nestedRole(of path: [String]) -> ColumnRole {
        for count in 1..<path.count {
            guard let roles = roles[path.prefix(count).joined(separator: ".")] else { continue }
            let nested = roles.map { inside($0, path.dropFirst(count)) }
            return nested.count == 1 ? nested[0] : .several(nested)
        }
        return inside(namedMatch(trimmingBlanks(path[0])).role, path.dropFirst())
    }

    private func inside(_ role: ColumnRole, _ rest: ArraySlice<String>) -> ColumnRole {
        switch role {
        case .field(let field): return .insideField(field)
        case .metadata:
            guard let key = rest.first else { return role }
            if rest.count == 1, isMapped(.metadataPair(key: key)) { return .superseded }
            let bytes = Array(key.utf8)
            return rest.count == 1 ? .metadataMember(key: bytes) : .insideMetadata(key: bytes)
        case .metadataCell(let key): return .insideMetadata(key: key)
        case .unnamed: return .unknown
        default: return role
        }
    }

    private func isMapped(_ target: MappingTarget) -> Bool { mapped.contains(target) }

    private static func role(of target: MappingTarget) -> ColumnRole {
        switch target {
        case .field(let field): .field(field)
        case .metadata: .metadata
        case .metadataPair(let key): .metadataCell(key: Array(key.utf8))
        }
    }

    /// The `--map`s whose columns are not among some names.
    func missing(among columns: [Column]) -> [ColumnProblem] {
        let names = columns.map { trimmingBlanks($0.name) }
        let present = Set(names + Self.prefixes(of: columns))
        let loose = names.map { LooseName($0) }
        return options.maps.filter { !present.contains($0.column) }.map { map in
            let nearest = LooseName(map.column).nearest(among: loose)
            let index = nearest.flatMap { loose.firstIndex(of: $0) }
            return .missing(map, nearest: index.map { names[$0] })
        }
    }

    /// The names of the objects around nested columns: a `--map metadata=attributes` means one.
    private static func prefixes(of columns: [Column]) -> [String] {
        columns.flatMap { column in
            (1..<max(column.path.count, 1)).map { column.path.prefix($0).joined(separator: ".") }
        }
    }
}
