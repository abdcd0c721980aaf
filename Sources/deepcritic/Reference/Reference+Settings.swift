import DeepCriticCore

extension Reference {
  /// Every setting with its default; what has none is commented out. A test reads the block with the program.
  static var settings: [String] {
    let file = template.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return [
      "# Settings", "",
      "Settings come from the command line, the environment, your own `~/.config/deepcritic/settings.toml` (or below",
      "`XDG_CONFIG_HOME`) and the workspace's `deepcritic.toml`, in this order. `mode`, and the rules marked *workspace*, come",
      "from the workspace's file. `deepcritic doctor` and `F8` show where each value comes from.", "", "```toml",
    ] + file + [
      "```", "", "## Training", "", "Tables `[train.sft]` and `[train.rl]`, `--set KEY=VALUE` and `spec.toml`.", "",
    ]
      + table(
        ["key", "sft", "rl", "meaning"],
        RunSetting.all.map { setting in
          let value = { (stage: TrainingStage) in
            setting.stages.contains(stage) ? "`\(setting.defaultValue(for: stage).toml)`" : ""
          }
          return ["`\(setting.key)`", value(.sft), value(.rl), setting.summary]
        })
  }

  private static let template = #"""
    mode = "audit"              # or "blind" (workspace)
    # reviewer = "rt"           # default: the login name
    theme = "terminal"          # 'deepcritic themes' lists others
    mouse = false

    [keys]                      # by action, see keys.md
    # "verdict.correct" = "y"
    # "step.next" = ["j", "down"]

    [review]
    daily_goal = 0              # decisions a day; 0 for none
    idle_seconds = 120          # longer times without a decision are pauses
    gold_rate = 0.0             # share of gold items in queues, 0 to 0.5 (workspace)
    # gold = "source:check"     # filter for gold items; default: PRM800K's quality control and screening (workspace)
    gold_seed = 42              # (workspace)
    reveal = "solution"         # when blind review reveals: after the solution, or after each "step" (workspace)

    [curate]                    # (workspace)
    precedence = ["adjudication", "reviewers", "imported", "rollouts"]   # strongest first; others do not count
    reviewers = []              # whose decisions count; empty for everyone's
    exclude_tags = []
    require_tags = []
    seed = 42
    all_correct_limit = 250     # solutions without an error, or "none"
    max_characters = 49152      # or "none"; used without a tokenizer
    max_tokens = 16384          # or "none"; used with a tokenizer
    # tokenizer = "tokenizer.json"
    ignore = []                 # reasons that are not applied
    benchmarks = []             # imports whose path contains one of these count as benchmarks
    system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."   # or "none"
    validation = 0.0            # share of problems for validation.jsonl

    [generate]
    # endpoints = ["http://localhost:8000/v1"]   # one address, a list, or [[generate.endpoints]] tables
    # model = "Qwen/Qwen2.5-72B-Instruct"
    # api_key_file = "~/.config/deepcritic/key"  # mode 0600; DEEPCRITIC_API_KEY and OPENAI_API_KEY come first
    concurrency = "auto"        # requests in flight per server, or a number
    # stream = true             # default: for single samples
    connect_timeout = 10        # seconds
    idle_timeout = 600          # seconds without a byte
    silence_timeout = 60        # seconds of silence within a streamed response
    request_timeout = 3600      # seconds for a whole response
    max_answer_mb = 8           # longest response, with its reasoning
    token_limit = "max_tokens"  # or "max_completion_tokens"
    attempts = 10               # per request
    shuffle_seed = 42           # which solution of a problem is used
    keep_duplicates = false     # use all of them
    include_benchmarks = false

    [generate.initial]          # the same keys in [generate.deep] and [generate.merged]
    n = 1                       # deep: 16, merged: 1
    temperature = 0.7           # deep: 1.0, merged: 0.7
    top_p = 0.9
    max_tokens = 1024           # merged: 2048
    # seed = 7
    # model = "another-model"
    # retry_tokens = 4096       # retry truncated responses

    [generate.prompts]          # templates by purpose, relative to this file
    # deep = "prompts/deep.md"

    [generate.prices]           # per million tokens
    # input = 0.35
    # output = 0.40
    # currency = "$"

    [label]
    # model = "Qwen/Qwen2.5-7B-Instruct"
    continuation = "auto"       # or "chat", "raw"
    raw_format = "plain"        # or "chatml", "llama3"

    [label.sample]
    n = 8
    temperature = 1.0
    top_p = 1.0
    max_tokens = 2048

    [label.rollout]
    n = 8
    temperature = 0.7
    top_p = 0.9
    max_tokens = 4096

    [label.estimate]
    fail = 0.0                  # a prefix fails if at most this share succeeds
    succeed = 0.5               # it succeeds above this share
    recover = 0.5               # maximum after the first failing prefix

    [label.grading]
    # python = "/opt/grading/bin/python"
    workers = 2
    time_limit = 10.0           # seconds per pair

    [label.rl]
    sources = ["human", "monte-carlo"]
    max_characters = 12288      # of a prompt, or "none"
    max_tokens = 4096           # used with [curate] tokenizer
    # error_share = 0.5
    per_problem = "none"
    limit = "none"
    agreement = true            # exclude solutions whose estimate contradicts human labels

    [evaluate]
    # model = "deepcritic-7b"
    protocol = "deepcritic"     # or "processbench"
    # vote = 8
    # temperature = 1.0
    # top_p = 0.9
    # max_tokens = 16384
    # seed = 1
    # prompt = "my-critic.md"
    resamples = 10000

    [train.python]              # interpreters of engines
    # trl = "/opt/venvs/trl/bin/python"
    """#
}
