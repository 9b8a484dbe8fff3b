"""MBPP: write a short function from one sentence and an example; three or more asserts decide.

Full rows: task_id (int), text, code, test_list, test_setup_code. Sanitized rows: task_id, prompt, code, test_list,
test_imports. Source: google-research/google-research, folder `mbpp`.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import InProcessCheck, ScriptCheck, StubCheck
from assay.sandbox.program import Limits
from assay.tasks.data import load_rows
from assay.tasks.sources import Source
from assay.tasks.syntax import bound_names, parse
from assay.tasks.task import Benchmark, Task

ID_PREFIX = "Mbpp/"  # as EvalPlus spells it, so that samples of one fit the other


def _source(version: str, tasks: int, file: str, sha256: str, rows_sha256: str) -> Source:
    return Source(
        name="mbpp",
        version=version,
        file=f"mbpp/{file}.gz",
        url=f"https://raw.githubusercontent.com/google-research/google-research/master/mbpp/{file}",
        origin="google-research/google-research",
        tasks=tasks,
        licence="CC-BY-4.0",
        kind="complete",
        sha256=sha256,
        rows_sha256=rows_sha256,
        id_prefix=ID_PREFIX,
    )


_FULL = (
    "mbpp.jsonl",
    "ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f",
    "5a0743641857fd04ee1f8623d830eb545a5df5f3469c425f064ce69dd15f8ea3",
)
_SANITIZED = (
    "sanitized-mbpp.json",
    "ca95deaa9a01ef0a6f439f88bcf0dd3db3563d22f22aad6cae04ebb9a8d8c8e9",
    "0a699546e9e40b657bfd6bdaf9ecd330bd590ecc8e0602e9cb0ef85cd41d6e16",
)
SOURCES = (_source("", 974, *_FULL), _source("sanitized", 427, *_SANITIZED), _source("test", 500, *_FULL))

FIELDS = {"task_id": int, "text": str, "code": str, "test_list": list, "test_setup_code": str}
SANITIZED_FIELDS = {"task_id": int, "prompt": str, "code": str, "test_list": list, "test_imports": list}
TEST_SPLIT = range(11, 511)  # the 500 tasks that are usually reported
# Upstream's harnesses allow 3 s by the clock. The reference of Mbpp/123 alone needs 1 to 3 CPU-s, more on a busy core.
LIMITS = Limits(cpu_s=6.0)
STOPS = ("\nclass", "\nassert", '\n"""', "\nprint", "\nif", "\n<|/", "\n```")

_MATCHERS = frozenset(("match", "search", "fullmatch"))


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read MBPP: version "" is all 974 tasks, "test" is ids 11 to 510 of them, "sanitized" the 427 checked by hand.

    Raises AssayError if the file is missing or damaged.
    """
    data = load_rows(source, data_dir, SANITIZED_FIELDS if source.version == "sanitized" else FIELDS)
    rows = [row for row in data.rows if source.version != "test" or row["task_id"] in TEST_SPLIT]
    try:
        tasks = tuple(map(task_from_row, rows))
    except (SyntaxError, ValueError, TypeError) as error:
        raise AssayError(f"{data.path} has a reference solution or a test that is not Python: {error}.") from None
    return Benchmark(source.spec, tasks, data.sha256, source.url)


def task_from_row(row: dict[str, Any]) -> Task:
    """The task of one row, full or sanitized. Raises SyntaxError if its code or its tests do not parse."""
    setup = "\n".join(row["test_imports"]) if "test_imports" in row else row["test_setup_code"]
    asserts = tuple(row["test_list"])
    official = ScriptCheck("\n".join([setup, *asserts] if setup else asserts), LIMITS)
    tests = _Tests(row["code"], setup, asserts)
    if tests.need_candidate_process():
        hardened: StubCheck | InProcessCheck = InProcessCheck(setup, asserts, "", len(asserts), LIMITS)
    else:
        context = "\n".join(dict.fromkeys([*tests.imports, *([setup] if setup else [])]))
        hardened = StubCheck(context, "\n".join(asserts), tests.called, LIMITS)
    example = asserts[0] if asserts else ""
    return Task(
        task_id=f"{ID_PREFIX}{row['task_id']}",
        prompt=f'"""\n{row.get("text", row.get("prompt"))}\n{example}\n"""\n',
        entry_point=tests.called[0] if tests.called else "",
        reference=row["code"],
        checks={"official": official, "hardened": hardened},
        join_prompt=False,
        stops=STOPS,
    )


class _Tests:
    """What the asserts of a row use of the reference solution; decides where they can run.

    called: functions of the reference that the asserts call, in order; they may shadow builtins (126 defines `sum`).
    imports: import statements of the reference that the asserts rely on (596 says `sys`).
    """

    def __init__(self, code: str, setup: str, asserts: tuple[str, ...]) -> None:
        self._module = parse(code)
        self._setup = parse(setup)
        self._asserts = parse("\n".join(asserts))
        used = list(dict.fromkeys(_names(self._asserts)))
        self._functions = {n.name: n for n in self._module.body if isinstance(n, ast.FunctionDef)}
        self.called = tuple(name for name in used if name in self._functions)
        self.imports = tuple(
            ast.unparse(node)
            for node in self._module.body
            if isinstance(node, ast.Import | ast.ImportFrom) and not bound_names([node]).isdisjoint({*used, "*"})
        )

    def need_candidate_process(self) -> bool:
        """Whether the tests handle something that is not plain data, which cannot cross the jail's wall."""
        return self._use_other_definitions() or self._pass_functions_or_types() or self._judge_a_match_object()

    def _use_other_definitions(self) -> bool:
        """They use classes or variables of the candidate, or the set-up uses anything of it (367, 601, 927)."""
        defined = bound_names(n for n in self._module.body if not isinstance(n, ast.Import | ast.ImportFrom))
        others = defined - self._functions.keys()
        return not others.isdisjoint(_names(self._asserts)) or not defined.isdisjoint(_names(self._setup))

    def _pass_functions_or_types(self) -> bool:
        """A call hands over a builtin function or type, as in remove_datatype(values, int)."""
        return any(
            isinstance(argument, ast.Name) and hasattr(builtins, argument.id)
            for call in self._calls()
            for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        )

    def _judge_a_match_object(self) -> bool:
        """They ask only whether the answer is true, and the reference's answer is an `re.Match`."""
        bare = {
            test.func.id
            for test in map(_without_not, (n.test for n in self._asserts.body if isinstance(n, ast.Assert)))
            if isinstance(test, ast.Call) and isinstance(test.func, ast.Name)
        }
        return any(_returns_match(self._functions[name]) for name in bare & self._functions.keys())

    def _calls(self) -> Iterator[ast.Call]:
        for node in ast.walk(self._asserts):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.called:
                yield node


def _names(tree: ast.AST) -> list[str]:
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _without_not(test: ast.expr) -> ast.expr:
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test


def _returns_match(function: ast.FunctionDef) -> bool:
    returned = (node.value for node in ast.walk(function) if isinstance(node, ast.Return))
    return any(
        isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _MATCHERS
        for value in returned
    )
