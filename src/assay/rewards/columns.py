"""From a row of a trainer's data set to the task whose tests reward an answer.

A row is a mapping of plain values. What is inside `ground_truth`, `input_output` or `verification_info`, as object or
JSON, goes first; a `ground_truth` of other text is asserts, in a row without tests of its own. Of these forms the first
that fits counts:

  task_id                  of a benchmark that Assay knows ("HumanEval/0"), with `benchmark`, or alone in a row without
                           tests of its own; the benchmark's file must be on this machine.
  test_list                as MBPP: asserts, with `test_setup_code` or `test_imports`; text in `test` or `tests` too.
  test_cases               objects with `input` and `output`: what programs read and must print; with `fn_name`,
                           arguments and results of calls.
  inputs, outputs          the same in two lists.
  test, entry_point        as HumanEval: `test` defines `check(candidate)`.
  tests, entry_point       pairs [arguments, expected], as the forge stores them.

Further columns: `prompt` (code that a completion continues, where it defines the entry point), `language`, `cpu_s`.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import Check, InProcessCheck, ScriptCheck, StubCheck
from assay.judge.contest import CallCheck, CallTest, StdioCheck, StdioTest
from assay.judge.output_rules import OutputRule
from assay.rewards.asserts import defines_check, reach
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import Limits
from assay.tasks.languages import canonical_language
from assay.tasks.syntax import bound_names, try_parse
from assay.tasks.task import Task

# Columns that decide how an answer is tested. Adapters pass these on and nothing else.
COLUMNS = (
    *("task_id", "benchmark", "test", "tests", "entry_point", "test_list", "test_setup_code", "test_imports"),
    *("inputs", "outputs", "fn_name", "test_cases", "ground_truth", "input_output", "verification_info", "language"),
    *("canonical_solution", "code", "cpu_s", "prompt"),
)
NESTED = ("ground_truth", "input_output", "verification_info")
_TESTS = ("test", "tests", "test_list", "inputs", "test_cases")
_FORMS = "task_id; test and entry_point; test_list; inputs and outputs; test_cases; tests and entry_point"
_FUNCTION_CPU_S, _PROGRAM_CPU_S = 3.0, 10.0
_CONTAINERS = (list, tuple, dict, set, frozenset)
_DEEPEST = 100  # far from where pickle and the judge's comparison reach Python's own limit


def task_from_row(row: Mapping[str, Any], benchmark: str | None = None) -> Task:
    """The task of a row. benchmark: what a bare `task_id` belongs to.

    Raises AssayError where the row holds no tests that are understood, tests that could never fail, or values nested
    deeper than anything can carry them.
    """
    try:
        return _task_from_row(row, benchmark)
    except RecursionError:
        raise AssayError("A row is nested too deep to be read. Look at its tests: they may be damaged.") from None


def _task_from_row(row: Mapping[str, Any], benchmark: str | None) -> Task:
    row = {name: value for name, value in row.items() if value is not None}
    nested = {name: _decoded(row[name]) for name in NESTED if name in row}
    plain = {name: value for name, value in row.items() if name not in NESTED}
    for inner in nested.values():
        if isinstance(inner, Mapping):
            return _task_from_row({**plain, **inner}, benchmark)
    truth = nested.get("ground_truth")
    if isinstance(truth, str) and not has_tests(plain):  # else it may be the text of a reference solution
        others = {name: value for name, value in plain.items() if name not in _TESTS}  # which are empty
        return _task_from_row({**others, "test": truth}, benchmark)
    if "task_id" in row and (benchmark or "benchmark" in row or not has_tests(row)):
        return _known(str(row["task_id"]), str(row.get("benchmark") or ""), benchmark or "")
    if "test_list" in row:
        return _asserts(row, [str(one) for one in _list(row["test_list"], "test_list")])
    if "test_cases" in row:
        cases = [_case(one) for one in _list(row["test_cases"], "test_cases")]
        return _pairs(row, [given for given, _ in cases], [expected for _, expected in cases])
    if "inputs" in row and "outputs" in row:
        return _pairs(row, _list(row["inputs"], "inputs"), _list(row["outputs"], "outputs"))
    tests = _decoded(row["tests"]) if "tests" in row else row.get("test")
    if isinstance(tests, str):
        if "entry_point" in row and _defines_check(tests):
            return _checked(row, tests)
        return _asserts(row, [tests])
    if isinstance(tests, Sequence) and tests:
        if all(isinstance(one, str) for one in tests):
            return _asserts(row, [str(one) for one in tests])
        return _calls(row, [CallTest(*_pair(one)) for one in tests])
    raise AssayError(f"A row has no tests: its columns are {', '.join(row) or 'none'}; needed is one of {_FORMS}.")


# -- one form each ---------------------------------------------------------------------------------------------------


def _known(task_id: str, named: str, benchmark: str) -> Task:
    """A task of the benchmark that the row named, else of the reward's own. Benchmarks are read once."""
    from assay.rewards.benchmarks import find

    return find(task_id, named or benchmark, folders=not named)


def _checked(row: Mapping[str, Any], test: str) -> Task:
    entry_point, limits = str(row["entry_point"]), _limits(row, _FUNCTION_CPU_S)
    tests = f"{test}\ncheck({entry_point})"
    tree = try_parse(tests)
    if tree is None and try_parse(test) is not None:
        raise AssayError(f"A row's entry_point is {entry_point!r}; it must be the name of a function.")
    if tree is not None and not reach(tree).can_fail:
        raise AssayError(f"The function check of a row reaches no assert, so every answer would pass: {test[:80]!r}.")
    prompt = _code_prompt(row, entry_point)
    solution = str(row.get("canonical_solution", ""))
    # Some tests call helpers that stand in the prompt; outside the jail they need them too.
    wholes = (prompt + solution, f"{prompt}    pass\n", f"{prompt} 0\n", "")
    context = next(whole for whole in wholes if try_parse(whole) is not None)
    return _task(
        row,
        {"official": ScriptCheck(tests, limits), "hardened": StubCheck(context, tests, (entry_point,), limits)},
        entry_point,
        prompt,
    )


def _asserts(row: Mapping[str, Any], tests: list[str]) -> Task:
    imports = _decoded(row.get("test_imports", str(row.get("test_setup_code", ""))))
    setup = imports if isinstance(imports, str) else "\n".join(map(str, _list(imports, "test_imports")))
    text, limits = "\n".join(tests), _limits(row, _FUNCTION_CPU_S)
    tree, before = try_parse(text), try_parse(setup)
    if tree is None or before is None:
        raise AssayError(f"The tests of a row are not Python: {text[:80]!r}.")
    reached = reach(tree, before)
    if reached.unused_check:
        raise AssayError(
            "The tests of a row define check(candidate), but nothing calls it, so every answer would pass: "
            f"{text[:80]!r}. Put them into `test` and name the answer's function in `entry_point`."
        )
    if not reached.can_fail:
        raise AssayError(
            f"The tests of a row hold no assert that is ever reached, so every answer would pass: {text[:80]!r}. "
            "Asserts count at the top, and in functions that are called from there; __name__ is not __main__."
        )
    official = ScriptCheck(f"{setup}\n{text}" if setup else text, limits)
    called = _answers_functions(tree, before, str(row.get("entry_point", "")))
    hardened: Check = StubCheck(setup, text, called, limits)
    if not called:
        statements = tuple(ast.unparse(node) for node in tree.body)
        hardened = InProcessCheck(setup, statements, "", len(statements), limits)
    entry_point = str(row.get("entry_point", "")) or (called[0] if called else "")
    return _task(row, {"official": official, "hardened": hardened}, entry_point, _code_prompt(row, entry_point))


def _pairs(row: Mapping[str, Any], inputs: Sequence[Any], outputs: Sequence[Any]) -> Task:
    if len(inputs) != len(outputs) or not inputs:
        raise AssayError(f"A row has {len(inputs)} inputs and {len(outputs)} outputs; there must be as many, and some.")
    if row.get("fn_name"):
        # APPS and TACO store results each alone in a list, and their own harness takes it with that list or without.
        alone = all(isinstance(out, list | tuple) and len(out) == 1 for out in outputs)
        tests = [
            CallTest(_arguments(given), _result(out[0] if alone else out, given), (list(out),) if alone else ())
            for given, out in zip(inputs, outputs, strict=True)
        ]
        return _calls({"entry_point": row["fn_name"], **row}, tests, owner="Solution")
    language = canonical_language(str(row.get("language", "python")))
    if language not in LANGUAGES:
        raise AssayError(f"A row names the language {language!r}. Known: {', '.join(LANGUAGES)}.")
    runs = tuple(StdioTest(_bytes(i), _bytes(o)) for i, o in zip(inputs, outputs, strict=True))
    check = StdioCheck(runs, OutputRule("tokens"), limits=_limits(row, _PROGRAM_CPU_S))
    return _task(row, {"official": check, "hardened": check}, language=language, any_language=True)


def _calls(row: Mapping[str, Any], tests: Sequence[CallTest], owner: str = "") -> Task:
    """owner: of which class an answer may make the function a method."""
    entry_point = str(row.get("entry_point") or row.get("fn_name") or "")
    if not entry_point:
        raise AssayError("A row has pairs of arguments and results, but no entry_point that says what is called.")
    _refuse_deep([(test.args, test.expected) for test in tests])
    limits = _limits(row, _FUNCTION_CPU_S)
    called = f"{owner}.{entry_point}" if owner and "." not in entry_point else entry_point
    checks: dict[str, Check] = {"official": CallCheck(called, tuple(tests), official=True, limits=limits)}
    checks["hardened"] = CallCheck(called, tuple(tests), limits=limits)
    return _task(row, checks, entry_point, _code_prompt(row, entry_point))


# -- parts of rows ---------------------------------------------------------------------------------------------------


def _task(
    row: Mapping[str, Any],
    checks: dict[str, Check],
    entry_point: str = "",
    prompt: str = "",
    language: str = "python",
    any_language: bool = False,
) -> Task:
    return Task(
        task_id=str(row.get("task_id", "")),
        prompt=prompt,
        entry_point=entry_point,
        reference="",
        checks=checks,
        join_prompt=bool(prompt),
        language=language,
        any_language=any_language,
    )


def has_tests(row: Mapping[str, Any]) -> bool:
    """Whether a row has a column of tests, other than those that other columns are looked for in."""
    return any(not _is_empty(row.get(name)) for name in _TESTS)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple) and not value)


def _defines_check(test: str) -> bool:
    tree = try_parse(test)
    # What is no Python fails every answer, and shows up as that.
    return defines_check(tree) if tree is not None else re.search(r"^def check\(", test, re.MULTILINE) is not None


def _code_prompt(row: Mapping[str, Any], entry_point: str) -> str:
    """The prompt, if it is code that a completion continues: the beginning of the function that the tests call."""
    prompt = row.get("prompt")
    if not isinstance(prompt, str) or not entry_point:
        return ""
    begins = re.search(rf"^(?:async )?def {re.escape(entry_point)}\b", prompt, re.MULTILINE)
    whole_lines = prompt[: prompt.rfind("\n") + 1]  # it may end in the middle of one
    ends = (f"{prompt}    pass\n", *(f"{whole_lines}{' ' * depth}pass\n" for depth in (4, 8, 12)))
    return prompt if begins and any(try_parse(end) is not None for end in ends) else ""


def _answers_functions(tests: ast.Module, setup: ast.Module, entry_point: str) -> tuple[str, ...]:
    """The names that the tests call and nobody but the answer defines; () where they use more than its functions."""
    known = bound_names([*setup.body, *tests.body]) | set(dir(builtins)) | _bound_inside(tests)
    calls = {id(n.func) for n in ast.walk(tests) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    used = [n for n in ast.walk(tests) if isinstance(n, ast.Name) and (n.id == entry_point or n.id not in known)]
    if any(id(name) not in calls for name in used):
        return ()
    free = bound_names(setup.body) - set(dir(builtins))
    inside = {n.id for n in ast.walk(setup) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    if inside - free - set(dir(builtins)) - _bound_inside(setup):
        return ()  # the set-up itself uses something of the answer
    return tuple(dict.fromkeys(name.id for name in used))


def _bound_inside(tree: ast.Module) -> set[str]:
    """Names of comprehensions, arguments and loops."""
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def _limits(row: Mapping[str, Any], cpu_s: float) -> Limits:
    given = row.get("cpu_s", cpu_s)
    if not isinstance(given, int | float) or not 0 < given <= 3600:
        raise AssayError(f"A row's cpu_s is {given!r}; it must be a number of seconds, at most 3600.")
    return Limits(cpu_s=float(given))


def _decoded(value: Any) -> Any:
    """JSON text as what it stands for; other text as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _list(value: Any, name: str) -> list[Any]:
    found = _decoded(value)
    if isinstance(found, str) or not isinstance(found, Sequence):
        raise AssayError(f"A row's {name} is {type(value).__name__}; it must be a list, or JSON of one.")
    return list(found)


def _case(case: Any) -> tuple[Any, Any]:
    if not isinstance(case, Mapping) or "input" not in case or "output" not in case:
        raise AssayError(f"A test case must have 'input' and 'output', this is {str(case)[:80]!r}.")
    return case["input"], case["output"]


def _pair(pair: Any) -> tuple[tuple[Any, ...], Any]:
    if (
        isinstance(pair, str)
        or not isinstance(pair, Sequence)
        or len(pair) != 2
        or not isinstance(pair[0], list | tuple)
    ):
        raise AssayError(f"A test must be a pair [arguments, expected], this is {str(pair)[:80]!r}.")
    return tuple(pair[0]), pair[1]


def _arguments(given: Any) -> tuple[Any, ...]:
    """Of one call: a list of them, or text with one JSON value a line, as LiveCodeBench and TACO store them."""
    if isinstance(given, str):
        return tuple(_value(line) for line in given.split("\n") if line.strip())
    return tuple(given) if isinstance(given, list | tuple) else (given,)


def _result(out: Any, given: Any) -> Any:
    """What a call must return: text is decoded where its arguments are text as well, else it is a text."""
    return _value(out) if isinstance(given, str) else out


def _value(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _bytes(value: Any) -> bytes:
    """What a program reads or writes. Lists are lines, as APPS has them."""
    text = "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise AssayError(
            f"An input or output of a row holds half a surrogate pair, which is no text: {text[error.start :][:40]!a}. "
            "Look at how the data set was written."
        ) from None


def _refuse_deep(values: Sequence[Any]) -> None:
    """Raises AssayError for values that are nested deeper than they can be sent to the judge and compared there."""
    level, depth = [value for value in values if isinstance(value, _CONTAINERS)], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise AssayError(f"A test of a row is nested deeper than {_DEEPEST} lists, which no test needs.")
        inner = (item for one in level for item in (one.values() if isinstance(one, dict) else one))
        level = [item for item in inner if isinstance(item, _CONTAINERS)]
