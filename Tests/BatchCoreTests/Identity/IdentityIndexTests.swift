import TestSupport
import Testing

@testable import BatchCore

@Suite("The index of identities")
struct IdentityIndexTests {
    @Test("It finds what a dictionary finds, before and after replacing", arguments: [1, 2])
    func model(_ seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var index = IdentityIndex()
        var model: [UInt64: IdentityIndex.Item] = [:]
        var fingerprints: [UInt64] = []
        for number in 0..<200_000 as Range<UInt32> {
            let fingerprint = generator.next()
            let item = item(number, content: UInt32.random(in: 0 ... .max, using: &generator))
            guard model.updateValue(item, forKey: fingerprint) == nil else { continue }
            index.insert(item, for: fingerprint)
            fingerprints.append(fingerprint)
        }
        for fingerprint in fingerprints where Bool.random(using: &generator) {
            guard let old = model[fingerprint] else { continue }
            var new = old
            new.isSeen = true
            if Bool.random(using: &generator) { new.number += 1_000_000 }
            model[fingerprint] = new
            index.replace(old, by: new, for: fingerprint)
        }
        #expect(index.count == model.count, "seed \(seed)")
        let differing = model.filter { find($0.key, in: index) != $0.value }
        #expect(differing.isEmpty, "seed \(seed)")
        let strangers = (0..<10_000).map { _ in generator.next() }.filter { model[$0] == nil }
        #expect(strangers.allSatisfy { find($0, in: index) == nil }, "seed \(seed)")
    }

    @Test("Identities with one fingerprint are told apart by the caller, and replaced one by one")
    func collisions() {
        var index = IdentityIndex()
        for fingerprint in [0, 7, .max] as [UInt64] {
            for number in 0..<40 as Range<UInt32> {
                index.insert(item(number, content: number), for: fingerprint)
            }
            index.replace(item(11, content: 11), by: item(99, seen: true), for: fingerprint)
            #expect(find(fingerprint, in: index) { $0.number == 11 } == nil)
            #expect(find(fingerprint, in: index) { $0.number == 99 } == item(99, seen: true))
            #expect(find(fingerprint, in: index) { $0.number == 12 } == item(12, content: 12))
            #expect(find(fingerprint, in: index) { _ in false } == nil)
        }
        #expect(index.count == 120)
    }

    @Test("No free slot passes for an identity, whatever its fingerprint", arguments: 0...3)
    func freeSlots(_ fingerprint: UInt64) {
        var index = IdentityIndex()
        index.insert(item(1), for: fingerprint)
        #expect(find(fingerprint, in: index) { _ in false } == nil)
        #expect((0...3).allSatisfy { (find($0, in: index) != nil) == ($0 == fingerprint) })
    }

    @Test("An error of the caller ends the search and comes through")
    func failure() {
        struct Unreadable: Error {}
        var index = IdentityIndex()
        index.insert(item(1), for: 5)
        #expect(throws: Unreadable.self) {
            _ = try index.find(5) { _ throws(Unreadable) in throw Unreadable() }
        }
    }

    @Test("The first and the last number, seen or not, come back as they were")
    func extremes() {
        var index = IdentityIndex()
        let items = [0, 1, IdentityIndex.largestNumber].flatMap { number in
            [item(number), item(number, content: .max, seen: true)]
        }
        for (fingerprint, item) in items.enumerated() {
            index.insert(item, for: UInt64(fingerprint))
        }
        for (fingerprint, item) in items.enumerated() {
            #expect(find(UInt64(fingerprint), in: index) == item)
        }
    }

    @Test("Memory stays below 21 bytes an identity, and 64 KiB")
    func memory() {
        var generator = SplitMix(seed: 3)
        var index = IdentityIndex()
        #expect(index.byteCount == 0)
        for number in 0..<300_000 as Range<UInt32> {
            index.insert(item(number), for: generator.next())
            guard number % 1000 == 0 else { continue }
            #expect(index.byteCount <= index.count * 21 + 65_536)
        }
        #expect(index.byteCount >= index.count * 16)
    }

    @Test("A crowded part of it is searched as quickly as any", .timeLimit(.minutes(5)))
    func crowded() {
        // All in one partition: were they not spread within it, every search would pass by all.
        var generator = SplitMix(seed: 4)
        let fingerprints = (0..<200_000).map { _ in generator.next() & (1 << 56 - 1) }
        var index = IdentityIndex()
        for (number, fingerprint) in fingerprints.enumerated() {
            index.insert(item(UInt32(number)), for: fingerprint)
        }
        let found = fingerprints.enumerated().filter { number, fingerprint in
            find(fingerprint, in: index) { $0.number == UInt32(number) } != nil
        }
        #expect(found.count == fingerprints.count)
    }

    private func item(
        _ number: UInt32,
        content: UInt32 = 0,
        seen isSeen: Bool = false
    ) -> IdentityIndex.Item {
        IdentityIndex.Item(content: content, number: number, isSeen: isSeen)
    }

    private func find(
        _ fingerprint: UInt64,
        in index: IdentityIndex,
        confirm: (IdentityIndex.Item) -> Bool = { _ in true }
    ) -> IdentityIndex.Item? {
        index.find(fingerprint, confirm: confirm)
    }
}
