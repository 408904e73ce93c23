package import RowIO

/// Where the original bytes of rows are to be had when the files of rejects are written.
package struct OriginalRecords: Sendable {
    /// By input, from 0: what the file was when its rows were read.
    ///
    /// Positions mean something only as long as the file is still this one, so nothing is copied
    /// from an input without it.
    package var identities: [Int: FileIdentity]
    /// Records of an input that cannot be read again, line end included; row 0 is the header.
    package var kept: [RowPlace: [UInt8]]

    /// Names the sources.
    ///
    /// - Parameters:
    ///   - identities: By input, what the file was when its rows were read.
    ///   - kept: Records of standard input.
    package init(identities: [Int: FileIdentity] = [:], kept: [RowPlace: [UInt8]] = [:]) {
        self.identities = identities
        self.kept = kept
    }
}
