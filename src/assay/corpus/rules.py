"""Every reason for which a file is left out, in the order in which they are looked at, with its published threshold."""

from __future__ import annotations

from dataclasses import dataclass

STARCODER = "StarCoder, arXiv 2305.06161, and bigcode-dataset"
STARCODER2 = "StarCoder2 and The Stack v2, arXiv 2402.19173"
DEEPSEEK = "DeepSeek-Coder, arXiv 2401.14196"
OPENCODER = "OpenCoder, arXiv 2411.04905"
OWN = "own"


@dataclass(frozen=True)
class Rule:
    """step: the part of the pipeline. says: what is dropped. source: who published it."""

    name: str
    step: str
    says: str
    source: str = OWN


RULES = (
    Rule("skipped folder", "find", "folders of tools: .git, node_modules, __pycache__, environments, caches"),
    Rule("ignored by git", "find", "what the repository's own .gitignore leaves out"),
    Rule("link", "find", "symbolic links; they are never followed, so a loop is a link"),
    Rule("not a file", "find", "pipes, sockets, devices"),
    Rule("unreadable", "find", "files and folders that the system does not let us read"),
    Rule("broken row", "find", "rows of JSON Lines or Parquet that hold no text"),
    Rule("unknown language", "find", "no known suffix, name or #! line"),
    Rule("language not asked for", "find", "another language than --languages names"),
    Rule("too large", "decode", "more than --max-bytes (1 MiB; OpenCoder drops from 8 MB)", OPENCODER),
    Rule("empty", "decode", "nothing but white space"),
    Rule("binary", "decode", "a NUL byte in text that is not UTF-16"),
    Rule("broken text", "decode", "bytes that are not UTF-8 and not what a coding line says"),
    Rule(
        "generated", "generated", "a marker such as 'auto-generated' or 'do not edit' in the first 5 lines", STARCODER2
    ),
    Rule("minified", "generated", "JavaScript or CSS with lines of 110 characters on average", "github-linguist"),
    Rule("encoded data", "generated", "base64, hex or \\u runs over 1,024 characters or half of the text", STARCODER2),
    Rule("tables of numbers", "generated", "more digits than letters, from 2,000 characters on"),
    Rule("many lines", "lines", "more than 100,000 lines", STARCODER2),
    Rule("long lines", "lines", "a line over 1,000 characters, or over 100 on average", f"{STARCODER2}; {DEEPSEEK}"),
    Rule("few alphanumerics", "lines", "less than 25 % letters and digits", STARCODER),
    Rule("few letters", "lines", "less than 25 % letters", f"{STARCODER2}; {DEEPSEEK}"),
    Rule("nearly empty", "lines", "fewer than 10 words or 3 lines with something on them"),
    Rule("size of data", "lines", "JSON and YAML outside 50 to 5,000 characters", f"{STARCODER2}; {DEEPSEEK}"),
    Rule("markup", "lines", "XML by its first line; HTML with under 20 % or 100 characters of text", STARCODER2),
    Rule("syntax error", "syntax", "Python that `ast` does not parse; JSON and TOML that do not load", STARCODER2),
    Rule("stubs", "syntax", "most functions are only `pass`, `...` or raise NotImplementedError", OPENCODER),
    Rule("only comments", "comments", "more than 80 % comments and docstrings", STARCODER),
    Rule("licence not allowed", "licence", "a licence that --allow does not name"),
    Rule("no licence", "licence", "no licence found for the file or its repository"),
    Rule("benchmark: words", "decontaminate", "shares a run of 10 words with a benchmark task", DEEPSEEK),
    Rule("benchmark: syntax", "decontaminate", "a function is a benchmark solution but for names and comments"),
    Rule("benchmark: behaviour", "decontaminate", "a function returns what a benchmark solution returns"),
    Rule("exact duplicate", "duplicates", "the same text as a kept file", OPENCODER),
    Rule("near duplicate", "duplicates", "Jaccard similarity of 5-grams of at least 0.7 with a kept file", STARCODER2),
)
RULE = {rule.name: rule for rule in RULES}
STEPS = tuple(dict.fromkeys(rule.step for rule in RULES))


class Dropped(Exception):
    """A file is left out. rule: one of RULES; the message says what about this file."""

    def __init__(self, rule: str, detail: str = "") -> None:
        assert rule in RULE, rule
        super().__init__(detail)
        self.rule, self.detail = rule, detail
