"""How a benchmark of the forge is named: everything that its tasks depend on stands in the name.

forge:LANGUAGE[:KIND][@VERSION,seed=S,depth=A-B,count=N]    generated, the same for ever
forge:PATH[:LANGUAGE][:KIND][@depth=A-B,count=N]            a folder or a file that `assay forge` wrote
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from assay.errors import AssayError
from assay.tasks.languages import canonical_language

NAME = "forge"
LANGUAGES = ("python", "javascript", "cpp", "java", "go", "rust")
KINDS = ("write", "repair", "infill", "predict", "tests", "explain")
DEEPEST = 6
DEFAULT_SEED, DEFAULT_DEPTH, DEFAULT_COUNT = 0, (1, 4), 100
MOST_TASKS = 100_000
TEST_FILE = "test.jsonl"
_GENERATED = ("seed", "depth", "count")
_STORED = ("depth", "count")


@dataclass(frozen=True)
class Spec:
    """One benchmark of the forge.

    path: a folder or file of `assay forge`, "" for tasks that are generated. version: of the generator whose tasks are
    meant, 0 for the present one. depth: the least and the most composed operations; None for all. count: of tasks;
    None for all that a file has.
    """

    language: str = "python"
    kind: str = "write"
    path: str = ""
    version: int = 0
    seed: int | None = None
    depth: tuple[int, int] | None = None
    count: int | None = None

    def __str__(self) -> str:
        """As a user would type it in full."""
        values = {
            "seed": self.seed,
            "depth": "-".join(map(str, self.depth)) if self.depth else None,
            "count": self.count,
        }
        settings = [f"{name}={value}" for name, value in values.items() if value is not None]
        settings = [str(self.version), *settings] if self.version else settings
        front = ":".join(word for word in (NAME, self.path, self.language, self.kind) if word)
        return f"{front}@{','.join(settings)}" if settings else front

    def complete(self, version: int) -> Spec:
        """With the defaults in place of what was left open, as far as tasks are generated."""
        if self.path:
            return self
        return replace(
            self,
            version=self.version or version,
            seed=DEFAULT_SEED if self.seed is None else self.seed,
            depth=self.depth or DEFAULT_DEPTH,
            count=DEFAULT_COUNT if self.count is None else self.count,
        )

    def given(
        self, *, seed: int | None = None, depth: str | None = None, count: int | None = None, kind: str | None = None
    ) -> Spec:
        """With what a user gave beside the name. Raises AssayError where that contradicts the name."""
        added = Spec(self.language, kind or self.kind, self.path, self.version, seed, _depth(depth, self), count)
        if seed is not None and self.path:
            raise AssayError(f"{self} is not generated, so there is no seed. Leave --seed out.")
        for name in _GENERATED:
            before, now = getattr(self, name), getattr(added, name)
            if before is not None and now is not None and before != now:
                raise AssayError(f"{self} says another {name} than --{name}. Leave one of them out.")
        return replace(
            added,
            seed=self.seed if seed is None else seed,
            depth=added.depth or self.depth,
            count=self.count if count is None else count,
        )


def is_forge_spec(text: str) -> bool:
    """Whether a user means a benchmark of the forge."""
    return text == NAME or text.startswith((f"{NAME}:", f"{NAME}@"))


def parse(text: str) -> Spec:
    """What "forge:..." names. Raises AssayError, saying what can be written instead."""
    front, at, settings = text.rpartition("@")
    is_version = settings.isdecimal() and not _is_path(front.partition(":")[2])
    if not is_version and not re.fullmatch(r"[0-9]*,?[a-z]+=.*", settings):  # the "@" belongs to a folder's name
        front, at, settings = text, "", ""
    words = front.split(":")[1:]
    kind = words.pop() if words and words[-1] in KINDS else ""
    language = canonical_language(words.pop()) if words and canonical_language(words[-1]) in LANGUAGES else ""
    path = ":".join(words)
    if path and not _is_path(path):
        raise AssayError(
            f"{path!r} in {text!r} is no language, no kind and no path. Write forge:LANGUAGE or forge:LANGUAGE:KIND; "
            f"languages: {', '.join(LANGUAGES)}; kinds: {', '.join(KINDS)}."
        )
    spec = Spec(language or "python", kind or "write", path)
    return _with_settings(spec, settings, text) if at else spec


def _is_path(text: str) -> bool:
    return text.startswith((".", "~")) or "/" in text or text.endswith(".jsonl") or Path(text).exists()


def _with_settings(spec: Spec, settings: str, text: str) -> Spec:
    known = _STORED if spec.path else _GENERATED
    for place, setting in enumerate(settings.split(",")):
        name, equals, value = setting.partition("=")
        if not place and setting.isdecimal() and not spec.path:
            spec = replace(spec, version=int(setting))
        elif not equals or name not in known:
            raise AssayError(f"{setting!r} in {text!r} means nothing. Known: {', '.join(f'{k}=' for k in known)}.")
        elif name == "depth":
            spec = replace(spec, depth=_depth(value, spec))
        else:
            number = _number(name, value, text)
            spec = replace(spec, seed=number) if name == "seed" else replace(spec, count=number)
    return spec


def _number(name: str, value: str, text: str) -> int:
    number = int(value) if re.fullmatch(r"[0-9]{1,18}", value) else -1
    if number < 0 or (name == "count" and not 1 <= number <= MOST_TASKS):
        raise AssayError(f"{name}={value} in {text!r} is no number that can be used here.")
    return number


def _depth(text: str | None, spec: Spec) -> tuple[int, int] | None:
    """(least, most) of "3" or "2-4"; None for None. Raises AssayError."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9])(?:-([0-9]))?", text)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= least <= most <= DEEPEST:
        raise AssayError(f"depth {text!r} of {spec} is no depth or range of depths from 1 to {DEEPEST}, such as 2-4.")
    return least, most
