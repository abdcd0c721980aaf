import Testing

@testable import Secrets

@Suite struct SecretsTests {
  @Test func aKnownKeyIsRedactedWhereverItStands() {
    Secrets.remember("abcdefgh-secret")
    #expect(Secrets.redacted("<abcdefgh-secret> abcdefgh-secret") == "<‹key›> ‹key›")
    #expect(Secrets.redacted("abcdefgh-secre") == "abcdefgh-secre")
    // Words that servers without keys are given.
    Secrets.remember("EMPTY")
    #expect(Secrets.redacted("EMPTY") == "EMPTY")
  }

  @Test func keysInAddressesAreRedacted() {
    #expect(Secrets.redactedMessage("at https://me:pass@host:1/v1 no") == "at https://‹key›@host:1/v1 no")
    #expect(Secrets.redactedMessage("https://h/v1?x=1&api_key=abc&y=2") == "https://h/v1?x=1&api_key=‹key›&y=2")
    #expect(Secrets.redactedMessage("a mail to me@host, x=1") == "a mail to me@host, x=1")
  }

  @Test func theBeginningOfAKeyIsKeptBack() {
    Secrets.remember("zyxwvuts-1")
    #expect(Secrets.heldBack("it is zyxw") == 4)
    #expect(Secrets.heldBack("it is ~") == 0)
  }

  @Test(arguments: [
    "OPENAI_API_KEY", "DEEPCRITIC_API_KEY", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "MY_SECRET",
    "AWS_PROFILE", "DB_PASSWORD", "GOOGLE_APPLICATION_CREDENTIALS",
  ])
  func childrenDoNotGetKeys(name: String) {
    let all = [
      name: "value", "PATH": "/bin", "HF_HOME": "/x", "TOKENIZERS_PARALLELISM": "false", "SSH_AUTH_SOCK": "/s",
    ]
    #expect(
      Set(ChildEnvironment.inherited(from: all).keys) == ["PATH", "HF_HOME", "TOKENIZERS_PARALLELISM", "SSH_AUTH_SOCK"])
    #expect(ChildEnvironment.inherited(from: all, needed: [name])[name] == "value")
  }
}
