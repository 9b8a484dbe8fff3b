"""Where a benchmark comes from, and how a user names it: the record that every benchmark module declares."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assay.errors import AssayError
from assay.tasks.languages import canonical_language

# What a task asks for.
KINDS = (
    "complete",
    "debug",
    "explain",
    "infill",
    "tests",
    "execution-reasoning",
    "contest",
    "class",
    "security",
    "own",
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One loadable set of tasks.

    name, part, version: what a user types as "name[:part][@version]". The first source of a name and part is its
        default version; a version of "" is typed without "@". Where sources have parts ("multipl-e:cpp"), the name
        alone means none of them.
    file: path below the data folder, with ".gz"; the same file unpacked, without ".gz", is as good. "" for a benchmark
        that is built in.
    url: where upstream publishes it; "" if there is nothing to download.
    advice: for a file that cannot be downloaded as it is: how a user gets it.
    origin: who publishes it, for people, for example "openai/human-eval".
    tasks: how many tasks it has.
    languages: what the programs are written in, in the spellings of `assay.tasks.languages`.
    kind: one of KINDS.
    sha256: of the unpacked file; "" where it is not known, and then only its rows are looked at.
    rows_sha256: of the parsed rows (`assay.tasks.data.rows_sha256`). Given for files of which copies with other line
        ends or white space are in circulation; then this is what a download is checked against.
    made_of: specs of the sources whose files together are this one's, where it has none of its own; `file` is then the
        newest of them, and `url` no file.
    most_bytes: how large a download may be.
    has_windows: whether the part may be a window of dates ("2024-08..2025-01").
    id_prefix: what stands before the number in a task id ("HumanEval/"); samples files may leave it out.
    """

    name: str
    part: str = ""
    version: str = ""
    file: str
    url: str
    advice: str = ""
    origin: str
    tasks: int
    licence: str
    languages: tuple[str, ...] = ("python",)
    kind: str
    sha256: str = ""
    rows_sha256: str = ""
    made_of: tuple[str, ...] = ()
    most_bytes: int = 256 << 20
    has_windows: bool = False
    id_prefix: str = ""

    @property
    def spec(self) -> str:
        part = f":{self.part}" if self.part else ""
        return f"{self.name}{part}@{self.version}" if self.version else f"{self.name}{part}"


def split_spec(spec: str) -> tuple[str, str, str | None]:
    """(name, part, version) of "name[:part][@version]"; version is None where there is no "@".

    Parts that name a language come back in its canonical spelling: "multipl-e:js" has the part "javascript".
    """
    front, at, version = spec.partition("@")
    name, _, part = front.partition(":")
    return name, canonical_language(part), version if at else None


def choose(spec: str, sources: Iterable[Source]) -> Source:
    """The one of `sources` that a user means by "name[:part][@version]".

    Raises AssayError, with the nearest name and the list, for a name, part or version that does not exist, and for a
    name alone where a part must be chosen.
    """
    sources = tuple(sources)
    name, part, version = split_spec(spec)
    named = [source for source in sources if source.name == name]
    if not named:
        names = sorted({source.name for source in sources})
        near = difflib.get_close_matches(spec.lower(), {*names, *(s.spec for s in sources)}, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise AssayError(f"There is no benchmark {spec!r}.{hint} Known: {', '.join(names)}.")
    versions = [source for source in named if source.part == part]
    if not versions and ".." in part:
        versions = [replace(source, part=part) for source in named if source.has_windows]
    if not versions:
        parts = ", ".join(dict.fromkeys(repr(f"{name}:{source.part}") for source in named if source.part))
        if not parts:
            meant = next((source for source in named if source.version == part), named[0])
            raise AssayError(f"{name!r} has no parts, so {':' + part!r} means nothing. Write {meant.spec!r}.")
        missing = f"has no part {part!r}" if part else "has several parts, of which one must be named"
        raise AssayError(f"{name!r} {missing}. Known: {parts}.")
    if version is None:
        return versions[0]
    for source in versions:
        if version and source.version == version:
            return source
    known = ", ".join(f"{s.spec!r} (the default)" if s is versions[0] else repr(s.spec) for s in versions)
    raise AssayError(f"{spec.partition('@')[0]!r} has no version {version!r}. Known: {known}.")
