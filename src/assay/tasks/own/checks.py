"""From a manifest to the checks of its task, one way for each kind."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from assay.errors import AssayError
from assay.judge.checks import (
    CANDIDATE,
    TOKEN,
    Check,
    HarnessCheck,
    InProcessCheck,
    ProgramCheck,
    ScriptCheck,
    StubCheck,
)
from assay.judge.contest import SpecialChecker, StdioCheck
from assay.judge.output_rules import RULES, OutputRule
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import MIB, Limits
from assay.tasks.own.cases import read_cases
from assay.tasks.own.manifest import Manifest
from assay.tasks.syntax import parse

# What test programs write for the answer's text, and for a word that no answer can guess.
ANSWER_MARK, TOKEN_MARK = "@ANSWER@", "@TOKEN@"
REPORTS = ("nonce", "status")
_CHECKER_LANGUAGES = {".py": "python", ".cpp": "cpp"}


def make_checks(manifest: Manifest, language: str, entry_points: tuple[str, ...]) -> dict[str, Check]:
    """The checks of a task, by rule set. Raises AssayError for what is wrong with its tests."""
    return _MAKERS[manifest.kind](manifest, language, entry_points)


def extension(language: str) -> str:
    return LANGUAGES[language].extensions[0]


def _limits(manifest: Manifest, cpu_s: float) -> Limits:
    given = {
        "cpu_s": manifest.limit("cpu_s", float),
        "wall_s": manifest.limit("wall_s", float),
        "memory_bytes": manifest.limit("memory_mib", lambda mib: int(mib * MIB)),
        "processes": manifest.limit("processes", int),
        "file_bytes": manifest.limit("file_mib", lambda mib: int(mib * MIB)),
    }
    try:
        return Limits(**{"cpu_s": cpu_s} | {name: value for name, value in given.items() if value is not None})
    except ValueError as error:
        raise manifest.mistake("limits", f"{error}.") from None


# -- Python tests ----------------------------------------------------------------------------------------------------


def _asserts(manifest: Manifest, language: str, entry_points: tuple[str, ...]) -> dict[str, Check]:
    if not entry_points:
        raise AssayError(f"{manifest.path}: the key 'entry_point' is missing, which a task of this kind needs.")
    path = manifest.named_file("tests", "tests.py")
    tests, tree = python_source(manifest, path)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for name in entry_points:
        if name not in names:
            raise AssayError(f"{path}: the tests never call {name!r}, which {manifest.path} names as entry_point.")
    if not any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(tree)):
        raise AssayError(f"{path}: there is no assert, so every answer would pass.")
    limits = _limits(manifest, 3.0)
    return {"official": ScriptCheck(tests, limits), "hardened": StubCheck("", tests, entry_points, limits)}


def _unittest(manifest: Manifest, language: str, entry_points: tuple[str, ...]) -> dict[str, Check]:
    path = manifest.named_file("tests", "tests.py")
    tests, tree = python_source(manifest, path)
    count = manifest.count("test_count") if "test_count" in manifest else count_tests(tree)
    if not count:
        raise AssayError(f"{path}: there is no test method in a class derived from unittest.TestCase.")
    limits = _limits(manifest, 3.0)
    return {
        "official": ScriptCheck(f"{tests}\n{_RUN_UNITTEST}", limits),
        "hardened": InProcessCheck("", (), tests, count, limits),
    }


_RUN_UNITTEST = """
import io as _io, unittest as _unittest
_cases = [each for each in list(globals().values()) if isinstance(each, type) and issubclass(each, _unittest.TestCase)]
_suite = _unittest.TestSuite(map(_unittest.TestLoader().loadTestsFromTestCase, _cases))
_result = _unittest.TextTestRunner(stream=_io.StringIO()).run(_suite)
assert _result.testsRun and _result.wasSuccessful(), str((_result.failures + _result.errors)[:1])
"""


def count_tests(tree: ast.Module) -> int:
    """How many test methods the classes of a file have, inherited ones included.

    Classes whose bases are not in the file count if a base is called TestCase or something that ends so.
    """
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}

    def bases(node: ast.ClassDef) -> list[str]:
        return [ast.unparse(base).rpartition(".")[2] for base in node.bases]

    def is_case(node: ast.ClassDef, depth: int = 0) -> bool:
        return depth < 50 and any(
            is_case(classes[base], depth + 1) if base in classes else base.endswith("TestCase") for base in bases(node)
        )

    def methods(node: ast.ClassDef, depth: int = 0) -> set[str]:
        own = {
            each.name
            for each in node.body
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.startswith("test")
        }
        inherited = [methods(classes[base], depth + 1) for base in bases(node) if base in classes and depth < 50]
        return own.union(*inherited)

    return sum(len(methods(node)) for node in classes.values() if is_case(node))


def python_source(manifest: Manifest, path: Path) -> tuple[str, ast.Module]:
    """A Python file and its syntax tree. Raises AssayError naming file and line where it is no Python."""
    text = manifest.contents(path)
    try:
        return text, parse(text)
    except SyntaxError as error:
        raise AssayError(f"{path}, line {error.lineno or 1}: this is not Python ({error.msg}).") from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise AssayError(f"{path}: this is not Python ({error}).") from None


# -- programs --------------------------------------------------------------------------------------------------------


def _stdio(manifest: Manifest, language: str, entry_points: tuple[str, ...]) -> dict[str, Check]:
    rule = OutputRule(manifest.one_of("compare", RULES, "tokens"), manifest.number("tolerance", 1e-6))
    fixed = "" if manifest.flag("any_language") else language
    flags = manifest.texts("flags")
    checker = _checker(manifest) if "checker" in manifest else None
    check = StdioCheck(read_cases(manifest), rule, fixed, checker=checker, limits=_limits(manifest, 10.0), flags=flags)
    return {"official": check, "hardened": check}


def _checker(manifest: Manifest) -> SpecialChecker:
    path = manifest.named_file("checker")
    if path.suffix not in _CHECKER_LANGUAGES:
        raise manifest.mistake("checker", f"'checker' is {path.name!r}; it must be a .py or .cpp file.")
    language = _CHECKER_LANGUAGES[path.suffix]
    text = python_source(manifest, path)[0] if language == "python" else manifest.contents(path)
    return SpecialChecker(language, ((path.name, text),))


def _program(manifest: Manifest, language: str, entry_points: tuple[str, ...]) -> dict[str, Check]:
    path = manifest.named_file("tests", f"tests{extension(language)}")
    tests = manifest.contents(path)
    if language == "python" and ANSWER_MARK not in tests:
        python_source(manifest, path)
    files = {path.name: tests.replace(ANSWER_MARK, CANDIDATE)}
    if ANSWER_MARK not in tests:
        files[manifest.text("answer", f"answer{extension(language)}")] = CANDIDATE
    elif "answer" in manifest:
        raise manifest.mistake("answer", f"'answer' means nothing here, because {path.name} holds {ANSWER_MARK}.")
    for name in manifest.texts("files"):
        files[name] = manifest.contents(manifest.file("files", name))
    for name in files:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise manifest.mistake("answer", f"{name!r} is not a plain file name.")
    placed = tuple((name, text.replace(TOKEN_MARK, TOKEN)) for name, text in files.items())
    limits, flags = _limits(manifest, 10.0), manifest.texts("flags")
    by_status = ProgramCheck(language, placed, flags=(flags,), limits=limits)
    if manifest.one_of("report", REPORTS, "nonce") == "status":
        return {"official": by_status, "hardened": by_status}
    harness = HarnessCheck(language, placed, manifest.count("test_count"), flags, limits)
    return {"official": harness, "hardened": harness}


_MAKERS: dict[str, Callable[[Manifest, str, tuple[str, ...]], dict[str, Check]]] = {
    "asserts": _asserts,
    "unittest": _unittest,
    "stdio": _stdio,
    "program": _program,
}
