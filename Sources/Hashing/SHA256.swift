import COpenSSL
import Foundation

/// SHA-256 (FIPS 180-4) by the system's OpenSSL: content keys, manifests, names of requests.
///
/// A value: a copy goes its own way.
package struct SHA256: Sendable {
  private var context = SHA256_CTX()

  package init() { SHA256_Init(&context) }

  package mutating func update(bufferPointer bytes: UnsafeRawBufferPointer) {
    SHA256_Update(&context, bytes.baseAddress, bytes.count)
  }

  package mutating func update(data: some ContiguousBytes) {
    data.withUnsafeBytes { update(bufferPointer: $0) }
  }

  /// The 32 bytes of the hash of everything so far.
  package func finalize() -> [UInt8] {
    var copy = context
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
      SHA256_Final(buffer.baseAddress, &copy)
      count = buffer.count
    }
  }

  /// The 32 bytes of the hash of some bytes.
  package static func hash(data: some ContiguousBytes) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: data)
    return hash.finalize()
  }
}
