import CritiqueModel
import Foundation
import ReviewStore

/// A queue with items of known label mixed in.
public struct MixedQueue: Sendable, Hashable {
  /// The whole queue, in order.
  public var ids: [Int64]
  /// Those of them that were mixed in.
  public var gold: Set<Int64>
}

/// Mixing items with a known label into a queue, to measure a reviewer's accuracy without the reviewer knowing when.
public enum GoldMix {
  /// Mixes items into a queue.
  ///
  /// The queue is cut into stretches of the same length, one item stands somewhere in each: their share is as wanted
  /// everywhere, and where the next one stands cannot be foreseen. Nothing of the queue is lost, nothing comes twice: an
  /// item that is in the queue already is moved. The same arguments give the same queue on every machine.
  ///
  /// - Parameters:
  ///   - queue: ids in order.
  ///   - gold: ids of items with a known label that may be mixed in, in any order.
  ///   - rate: the share of them in the result, from 0 (none) to 0.5; values outside become the nearest. Where there are too
  ///     few, all of them are taken, spread over the whole queue.
  ///   - seed: decides which are taken, and where they stand.
  public static func mix(queue: [Int64], gold: [Int64], rate: Double, seed: UInt64) -> MixedQueue {
    let rate = rate.isNaN ? 0 : min(max(rate, 0), 0.5)
    guard rate > 0, !gold.isEmpty, !queue.isEmpty else { return MixedQueue(ids: queue, gold: []) }
    var generator = SplitMix64(seed: seed)
    // Sorted first: the order in which they were found decides nothing.
    let candidates = Set(gold).sorted().shuffled(using: &generator)
    let present = Set(queue)
    func wanted(_ ordinary: Int) -> Int { Int((Double(ordinary) * rate / (1 - rate)).rounded()) }
    var count = min(candidates.count, wanted(queue.count))
    // Taking an item out of the queue leaves fewer ordinary ones, which want fewer items.
    while count > 0, count > wanted(queue.count - candidates.prefix(count).count(where: present.contains)) {
      count -= 1
    }
    let taken = Array(candidates.prefix(count))
    guard !taken.isEmpty else { return MixedQueue(ids: queue, gold: []) }
    let chosen = Set(taken)
    let ordinary = queue.filter { !chosen.contains($0) }
    let total = ordinary.count + taken.count
    var ids: [Int64] = []
    ids.reserveCapacity(total)
    var next = 0
    for (index, item) in taken.enumerated() {
      let stretch = (index * total / taken.count)..<((index + 1) * total / taken.count)
      let place = Int.random(in: stretch, using: &generator)
      for position in stretch {
        if position == place {
          ids.append(item)
        } else if next < ordinary.count {
          ids.append(ordinary[next])
          next += 1
        }
      }
    }
    ids += ordinary[next...]
    return MixedQueue(ids: ids, gold: chosen)
  }
}

extension Workspace {
  /// Ids of the items that may be mixed into a reviewer's queue: those of the settings that carry a label and that the
  /// reviewer has not finished. An item that the reviewer was given before can come again until then.
  public func goldCandidates(_ settings: ReviewSettings, for reviewer: String) throws -> [Int64] {
    let ids: [Int64]
    if let text = settings.gold {
      ids = try labelled(
        among: queue(sort: .imported, filter: QueueFilter(text, fields: filterFields), reviewer: reviewer))
    } else {
      ids = try screeningItems()
    }
    guard !ids.isEmpty else { return [] }
    let done = try Set(done(by: reviewer))
    return ids.filter { !done.contains($0) }
  }

  /// Mixes items with a known label into a queue at the rate of the settings, and remembers which for the reviewer's figures.
  /// With rate 0 the queue stays as it is. A workspace that cannot be written to mixes nothing: it could not remember.
  public func mixingGold(into queue: [Int64], settings: ReviewSettings, for reviewer: String) throws -> [Int64] {
    guard settings.goldRate > 0, !isReadOnly else { return queue }
    let mixed = GoldMix.mix(
      queue: queue, gold: try goldCandidates(settings, for: reviewer), rate: settings.goldRate,
      // Not the same items at the same places for everybody: reviewers talk.
      seed: reviewer.utf8.reduce(settings.goldSeed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    try recordGold(mixed.gold.sorted(), for: reviewer)
    return mixed.ids
  }
}
