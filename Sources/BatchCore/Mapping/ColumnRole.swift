/// What becomes of the cells of one column.
enum ColumnRole: Sendable, Hashable {
    /// Fills a text field.
    case field(CustomerField)
    /// Lies inside an object where a field's text is expected.
    case insideField(CustomerField)
    /// Holds the metadata as a JSON object.
    case metadata
    /// Fills one pair; an empty cell is no pair.
    case metadataCell(key: [UInt8])
    /// Is a pair of a metadata object; an empty text is a value.
    case metadataMember(key: [UInt8])
    /// Lies inside an object where a metadata value is expected.
    case insideMetadata(key: [UInt8])
    /// Is written by the server.
    case record(RecordMember)
    /// Would fill a target by its name, but a `--map` fills that one.
    case superseded
    /// Has no name.
    case unnamed
    /// Maps to nothing.
    case unknown
    /// Was decided to be left out.
    case leftOut
    /// Is named by several `--map`s.
    indirect case several([ColumnRole])
}
