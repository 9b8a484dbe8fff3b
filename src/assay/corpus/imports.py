"""Which file of a repository needs which other, and an order in which what is needed comes first."""

from __future__ import annotations

import heapq
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

# What other languages than Python say about files of their own repository.
_C = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)
_SCRIPT = re.compile(r"""(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"](\.{1,2}/[^'"\n]+)['"]""")
_DOTTED = re.compile(r"^[ \t]*import\s+(?:static\s+)?([A-Za-z_][\w.]*\w)", re.M)
_RUST = re.compile(r"^[ \t]*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;", re.M)
_RUBY = re.compile(r"""^[ \t]*require_relative[ (]+['"]([^'"\n]+)['"]""", re.M)
_PATTERNS = {
    "c": _C,
    "cpp": _C,
    "objective-c": _C,
    "javascript": _SCRIPT,
    "typescript": _SCRIPT,
    "vue": _SCRIPT,
    "java": _DOTTED,
    "kotlin": _DOTTED,
    "scala": _DOTTED,
    "rust": _RUST,
    "ruby": _RUBY,
}
_SCRIPT_ENDINGS = ("", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", "/index.ts", "/index.js", "/index.tsx")


@dataclass(frozen=True)
class Member:
    """A file of a repository, as far as its place in the order goes."""

    path: str
    language: str
    imports: tuple[str, ...]


def of_text(text: str, language: str) -> tuple[str, ...]:
    """What a file in another language than Python names; () where nothing cheap can tell."""
    pattern = _PATTERNS.get(language)
    return tuple(dict.fromkeys(pattern.findall(text))) if pattern else ()


def needs(members: Sequence[Member]) -> list[set[int]]:
    """For every file the numbers of those it imports, without itself."""
    by_path = {member.path: number for number, member in enumerate(members)}
    packages = {posixpath.dirname(path) for path in by_path if posixpath.basename(path) == "__init__.py"}
    by_module: dict[str, int] = {}
    by_tail: dict[str, list[int]] = {}
    for number, member in enumerate(members):
        stem = posixpath.splitext(member.path)[0]
        if member.language == "python":
            for name in _modules(stem, packages):
                by_module.setdefault(name, number)
        elif member.language in ("java", "kotlin", "scala"):
            parts = stem.split("/")
            for start in range(len(parts)):
                by_module.setdefault(".".join(parts[start:]), number)
        by_tail.setdefault(posixpath.basename(member.path), []).append(number)
    result = []
    for number, member in enumerate(members):
        found: set[int | None] = set()
        for name in member.imports:
            if member.language == "python":
                found.add(by_module.get(_absolute(name, member.path, packages)))
            elif member.language in ("java", "kotlin", "scala"):
                found.add(by_module.get(name))
            else:
                found.update(_beside(name, member, by_path, by_tail))
        result.append({other for other in found if other is not None and other != number})
    return result


def _modules(stem: str, packages: set[str]) -> list[str]:
    """The names by which a Python file is imported: from the folder above its outermost package, and its whole path."""
    folder, name = posixpath.split(stem)
    top = folder
    while top in packages and top:
        top = posixpath.dirname(top)
    inside = posixpath.relpath(stem, top) if top else stem
    if name == "__init__":
        inside, stem = posixpath.dirname(inside), folder
    return [path.replace("/", ".") for path in dict.fromkeys((inside, stem)) if path]


def _absolute(name: str, path: str, packages: set[str]) -> str:
    """An import without leading dots. Each dot after the first goes one package up."""
    dots = len(name) - len(name.lstrip("."))
    if not dots:
        return name
    package = posixpath.dirname(path)
    for _ in range(dots - 1):
        package = posixpath.dirname(package)
    own = _modules(f"{package}/__init__", packages)
    return ".".join(filter(None, (own[0] if own else "", name[dots:])))


def _beside(name: str, member: Member, by_path: dict[str, int], by_tail: dict[str, list[int]]) -> list[int]:
    """Files that are named by their path, from the importing file or, in C, from anywhere that is clear."""
    folder = posixpath.dirname(member.path)
    if member.language == "rust":
        inner = folder if posixpath.basename(member.path) in ("mod.rs", "lib.rs", "main.rs") else member.path[:-3]
        names = [posixpath.join(inner, f"{name}.rs"), posixpath.join(inner, name, "mod.rs")]
    elif member.language == "ruby":
        names = [posixpath.join(folder, name if name.endswith(".rb") else f"{name}.rb")]
    elif member.language in ("c", "cpp", "objective-c"):
        names = [posixpath.join(folder, name), name, f"include/{name}", f"src/{name}"]
    else:
        names = [posixpath.join(folder, name + ending) for ending in _SCRIPT_ENDINGS]
    for candidate in names:
        if (found := by_path.get(posixpath.normpath(candidate))) is not None:
            return [found]
    alone = by_tail.get(posixpath.basename(name), [])
    return alone if len(alone) == 1 and member.language in ("c", "cpp", "objective-c") else []


def order(members: Sequence[Member]) -> list[int]:
    """Numbers of the files: what a file imports stands before it, as far as there are no cycles.

    Of the files left, one with the fewest open imports comes next, of equals the first by path: so a cycle is broken
    where least is lost (DeepSeek-Coder, arXiv 2401.14196, algorithm 1).
    """
    open_needs = [set(found) for found in needs(members)]
    needed_by: list[list[int]] = [[] for _ in members]
    for number, found in enumerate(open_needs):
        for other in found:
            needed_by[other].append(number)
    heap = [(len(found), members[number].path, number) for number, found in enumerate(open_needs)]
    heapq.heapify(heap)
    done = [False] * len(members)
    result = []
    while heap:
        count, _, number = heapq.heappop(heap)
        if done[number] or count != len(open_needs[number]):
            continue  # told again since, with fewer
        done[number] = True
        result.append(number)
        for other in needed_by[number]:
            if not done[other]:
                open_needs[other].discard(number)
                heapq.heappush(heap, (len(open_needs[other]), members[other].path, other))
    return result
