"""Where each benchmark comes from: upstream file, licence and checksum of every version Assay can load."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from assay.errors import AssayError

_OPENAI = "https://raw.githubusercontent.com/openai/human-eval/master/data"
_GOOGLE = "https://raw.githubusercontent.com/google-research/google-research/master/mbpp"
_HUMANEVAL_PLUS = "https://github.com/evalplus/humanevalplus_release/releases/download"
_MBPP_PLUS = "https://github.com/evalplus/mbppplus_release/releases/download"


@dataclass(frozen=True)
class Source:
    """One loadable version of a benchmark.

    name, version: what a user types as "name@version"; the first source of a name is its default. A version of ""
        is typed as the name alone.
    file: path below the data folder, with ".gz"; the same file unpacked, without ".gz", is as good.
    url: where upstream publishes it; "" if there is nothing to download.
    tasks: how many tasks it has.
    sha256: of the unpacked file.
    rows_sha256: of the parsed rows (`assay.tasks.data.rows_sha256`). Given for files of which copies with other line
        ends or white space are in circulation; then this is what a download is checked against.
    """

    name: str
    version: str
    file: str
    url: str
    tasks: int
    licence: str
    sha256: str
    rows_sha256: str = ""

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}" if self.version else self.name


_MBPP_FULL = (
    "mbpp/mbpp.jsonl.gz",
    f"{_GOOGLE}/mbpp.jsonl",
    "CC-BY-4.0",
    "ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f",
    "5a0743641857fd04ee1f8623d830eb545a5df5f3469c425f064ce69dd15f8ea3",
)


def _mbpp(version: str, tasks: int) -> Source:
    file, url, licence, sha256, rows_sha256 = _MBPP_FULL
    return Source("mbpp", version, file, url, tasks, licence, sha256, rows_sha256)


SOURCES: tuple[Source, ...] = (
    Source(
        "humaneval",
        "",
        "humaneval/HumanEval.jsonl.gz",
        f"{_OPENAI}/HumanEval.jsonl.gz",
        164,
        "MIT",
        "1d49078ba3e2b196b9344535bef34a43021f038fad9561d6ee7c53450609a6a2",
    ),
    Source(
        "humaneval+",
        "v0.1.10",
        "humaneval_plus/HumanEvalPlus-v0.1.10.jsonl.gz",
        f"{_HUMANEVAL_PLUS}/v0.1.10/HumanEvalPlus.jsonl.gz",
        164,
        "Apache-2.0",
        "42526ec0e7d5f3ee0b06d6ced98f8c8bae3d76519151bfb3d36f79010645bd7f",
    ),
    Source(
        "humaneval+",
        "v0.1.9",
        "humaneval_plus/HumanEvalPlus-v0.1.9.jsonl.gz",
        f"{_HUMANEVAL_PLUS}/v0.1.9/HumanEvalPlus.jsonl.gz",
        164,
        "Apache-2.0",
        "50d50fda1ecf4c9168d762456ae29c1d8b8b922e68c66964f7891c98d93a04b7",
    ),
    Source(
        "humaneval+",
        "mini",
        "humaneval_plus/HumanEvalPlus-Mini-v0.1.10.jsonl.gz",
        f"{_HUMANEVAL_PLUS}/v0.1.10/HumanEvalPlus-Mini.jsonl.gz",
        164,
        "Apache-2.0",
        "78fbba8865b20c5a979cda6e02fd72538e1762e65980af7d1a6e93c3e87e93af",
    ),
    _mbpp("", 974),
    Source(
        "mbpp",
        "sanitized",
        "mbpp/sanitized-mbpp.json.gz",
        f"{_GOOGLE}/sanitized-mbpp.json",
        427,
        "CC-BY-4.0",
        "ca95deaa9a01ef0a6f439f88bcf0dd3db3563d22f22aad6cae04ebb9a8d8c8e9",
        "0a699546e9e40b657bfd6bdaf9ecd330bd590ecc8e0602e9cb0ef85cd41d6e16",
    ),
    _mbpp("test", 500),
    Source(
        "mbpp+",
        "v0.2.0",
        "mbpp_plus/MbppPlus-v0.2.0.jsonl.gz",
        f"{_MBPP_PLUS}/v0.2.0/MbppPlus.jsonl.gz",
        378,
        "Apache-2.0",
        "b54e762755248ca411b523c917fa9f93c07b5ff2966bf60b3917b853926a3dad",
    ),
    Source(
        "mbpp+",
        "v0.1.0",
        "mbpp_plus/MbppPlus-v0.1.0.jsonl.gz",
        f"{_MBPP_PLUS}/v0.1.0/MbppPlus.jsonl.gz",
        399,
        "Apache-2.0",
        "a855b9de667baea8e2f8aa61f898767a7336872208a85222b35622545e819fe9",
    ),
)

BUILT_IN = ("demo",)


def resolve(spec: str) -> Source:
    """The source that a user means by "name" or "name@version".

    Raises AssayError, with the nearest name and the list, for a name or version that does not exist, and for
    benchmarks that are built in and have no file.
    """
    name, _, version = spec.partition("@")
    if name in BUILT_IN:
        raise AssayError(f"{name!r} is built in and has no data file: there is nothing to fetch or to look for.")
    versions = [source for source in SOURCES if source.name == name]
    if not versions:
        names = list(dict.fromkeys(source.name for source in SOURCES)) + list(BUILT_IN)
        near = difflib.get_close_matches(spec.lower(), names + [s.spec for s in SOURCES], n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise AssayError(f"There is no benchmark {spec!r}.{hint} Known: {', '.join(names)}.")
    if "@" not in spec:
        return versions[0]
    for source in versions:
        if version and source.version == version:
            return source
    known = ", ".join(f"{s.spec!r} (the default)" if s is versions[0] else repr(s.spec) for s in versions)
    raise AssayError(f"{name!r} has no version {version!r}. Known: {known}.")
