import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

extension ModelClientError {
  /// The libraries' errors in plain words: what they print of themselves names types and source files, and is never shown.
  init(translating error: any Error) {
    switch error {
    case let error as ModelClientError: self = error
    case is CancellationError: self.init(.cancelled)
    case let error as HTTPClientError: self.init(Self.kind(of: error))
    case let error as NIOConnectionError:
      if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
        self.init(.connection("no such host"))
      } else if let first = error.connectionErrors.first {
        self.init(translating: first.error)
      } else {
        self.init(.connection("no connection"))
      }
    case let error as ChannelError:
      if case .connectTimeout = error { self.init(.connectTimeout) } else { self.init(.reset) }
    case let error as IOError: self.init(Self.kind(of: error))
    case HTTPParserError.invalidEOFState: self.init(.reset)
    case HTTPParserError.headerOverflow: self.init(.malformed("its header is too long"))
    case is HTTPParserError: self.init(.notHTTP)
    default: self.init(Self.kind(ofOther: String(describing: error)))
    }
  }

  private static func kind(of error: HTTPClientError) -> Kind {
    switch error {
    case .cancelled: .cancelled
    case .connectTimeout: .connectTimeout
    case .readTimeout: .idleTimeout
    case .deadlineExceeded, .getConnectionFromPoolTimeout: .requestTimeout
    case .remoteConnectionClosed: .reset
    case .tlsHandshakeTimeout:
      .connection("no TLS handshake in time; if it speaks no HTTPS, write http:// in the address")
    default: .malformed(error.shortDescription.lowercased())
    }
  }

  private static func kind(of error: IOError) -> Kind {
    switch error.errnoCode {
    case ECONNREFUSED: .connection("connection refused")
    case EHOSTUNREACH, ENETUNREACH: .connection("host unreachable")
    case ETIMEDOUT: .connectTimeout
    case ECONNRESET, EPIPE, ENOTCONN: .reset
    default: .connection(String(cString: strerror(error.errnoCode)))
    }
  }

  /// What only the description of an error tells, as with TLS.
  private static func kind(ofOther description: String) -> Kind {
    func says(_ words: String...) -> Bool { words.contains { description.contains($0) } }
    if says("CERTIFICATE_VERIFY_FAILED", "unableToValidateCertificate", "noCertificateToValidate") {
      return .connection(
        "this machine does not trust its TLS certificate: self-signed, expired, or of an unknown issuer")
    }
    if says("failedToValidateHostname") { return .connection("its TLS certificate is for another host") }
    if says("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "PACKET_LENGTH_TOO_LONG") {
      return .connection("nothing speaks HTTPS at this port; write http:// in the address")
    }
    if says("SSL", "TLS", "handshake") { return .connection("the TLS handshake failed") }
    return .connection("the connection failed")
  }
}
