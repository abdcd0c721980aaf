import Formatting
import Foundation
import Testing

@testable import Hashing

struct SHA256Tests {
  /// Examples of NIST, and the hash of nothing.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ]) func knownHashes(text: String, hash: String) {
    #expect(Hex.string(SHA256.hash(data: Array(text.utf8))) == hash)
  }

  @Test func pieces() {
    var hash = SHA256()
    for byte in "abc".utf8 { hash.update(data: [byte]) }
    #expect(hash.finalize() == SHA256.hash(data: Data("abc".utf8)))
  }

  @Test func aCopyGoesItsOwnWay() {
    var one = SHA256()
    one.update(data: Array("ab".utf8))
    var two = one
    one.update(data: Array("c".utf8))
    two.update(data: Array("d".utf8))
    #expect(one.finalize() == SHA256.hash(data: Array("abc".utf8)))
    #expect(two.finalize() == SHA256.hash(data: Array("abd".utf8)))
  }
}
