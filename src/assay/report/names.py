"""Benchmarks and languages as their authors write them."""

from __future__ import annotations

from assay.tasks.languages import LANGUAGES

_BENCHMARKS = {
    "bigcodebench": "BigCodeBench",
    "classeval": "ClassEval",
    "code-contests": "CodeContests",
    "cruxeval": "CRUXEval",
    "demo": "Demo",
    "humaneval": "HumanEval",
    "humaneval+": "HumanEval+",
    "humaneval-infilling": "HumanEval Infilling",
    "humanevalexplain": "HumanEvalExplain",
    "humanevalfix": "HumanEvalFix",
    "humanevalfix-docs": "HumanEvalFix with docstrings",
    "humanevalsynthesize": "HumanEvalSynthesize",
    "livecodebench": "LiveCodeBench",
    "mbpp": "MBPP",
    "mbpp+": "MBPP+",
    "multipl-e": "MultiPL-E",
    "multipl-e-mbpp": "MultiPL-E MBPP",
    "quixbugs": "QuixBugs",
    "securityeval": "SecurityEval",
}
_LANGUAGES = {
    "cpp": "C++",
    "csharp": "C#",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "php": "PHP",
}


def benchmark_title(name: str, *, version: bool = True) -> str:
    """The title of "name[:part][@version]", for example "HumanEval+ v0.1.9"; unknown names stay as they are."""
    front, _, number = name.partition("@")
    base, _, part = front.partition(":")
    words = [_BENCHMARKS.get(base, base), *(language_title(word) for word in part.split(":") if word)]
    return " ".join([*words, number] if number and version else words)


def language_title(name: str) -> str:
    """ "C++" for "cpp", "Python" for "python"; what is no language stays as it is."""
    return _LANGUAGES.get(name, name.capitalize() if name in LANGUAGES else name)
