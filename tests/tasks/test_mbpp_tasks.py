"""MBPP rows become tasks; what cannot leave the candidate's process is found by reading the row's code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.judge.checks import InProcessCheck, ScriptCheck, StubCheck
from assay.tasks import catalog
from assay.tasks.catalog import canonical_task_id
from assay.tasks.mbpp import task_from_row


def full(code: str, *tests: str, setup: str = "", number: int = 5) -> dict[str, Any]:
    return {"task_id": number, "text": "Do it.", "code": code, "test_list": list(tests), "test_setup_code": setup}


def sanitized(code: str, *tests: str, imports: list[str] | None = None, number: int = 5) -> dict[str, Any]:
    row = {"task_id": number, "prompt": "Do it.", "code": code, "test_list": list(tests)}
    return {**row, "test_imports": imports or []}


def hardened(row: dict[str, Any]) -> StubCheck | InProcessCheck:
    check = task_from_row(row).checks["hardened"]
    assert isinstance(check, StubCheck | InProcessCheck)
    return check


def test_the_official_tests_are_setup_then_asserts_one_per_line() -> None:
    check = task_from_row(full("def f(x):\n return x", "assert f(1) == 1", "assert f(N) == 2", setup="N = 2")).checks[
        "official"
    ]
    assert isinstance(check, ScriptCheck)
    assert check.tests == "N = 2\nassert f(1) == 1\nassert f(N) == 2"


def test_the_completion_is_the_program_and_the_prompt_shows_text_and_first_assert() -> None:
    task = task_from_row(full("def f(x):\n return x", "assert f(1) == 1", "assert f(2) == 2"))
    assert not task.join_prompt
    assert task.prompt == '"""\nDo it.\nassert f(1) == 1\n"""\n'
    assert task.task_id == "Mbpp/5"
    assert task.entry_point == "f"


def test_only_functions_that_the_asserts_call_are_stubs() -> None:
    code = "def helper(x):\n return x\ndef first(x):\n return helper(x)\ndef second(x):\n return x\n"
    check = hardened(full(code, "assert first(1) == 1", "assert second(sorted([2])) == [2]"))
    assert isinstance(check, StubCheck)
    assert check.stubs == ("first", "second")


def test_a_function_that_shadows_a_builtin_is_a_stub() -> None:
    check = hardened(full("def sum(a, b):\n return a + b", "assert sum(1, 2) == 3"))
    assert isinstance(check, StubCheck)
    assert check.stubs == ("sum",)


def test_imports_the_asserts_rely_on_are_in_the_context_and_others_are_not() -> None:
    code = (
        "import re\r\nimport sys\r\nfrom os.path import join as glue\r\ndef size(x):\r\n\treturn sys.getsizeof(x)\r\n"
    )
    check = hardened(full(code, "assert size(()) == sys.getsizeof(())", "assert size(glue('a', 'b')) > 0"))
    assert isinstance(check, StubCheck)
    assert check.context == "import sys\nfrom os.path import join as glue"
    assert check.stubs == ("size",)


def test_sanitized_imports_are_official_tests_and_hardened_context() -> None:
    task = task_from_row(sanitized("def f():\n return 3.0", "assert math.isclose(f(), 3)", imports=["import math"]))
    official, check = task.checks["official"], task.checks["hardened"]
    assert isinstance(official, ScriptCheck)
    assert isinstance(check, StubCheck)
    assert official.tests == "import math\nassert math.isclose(f(), 3)"
    assert check.context == "import math"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (full("class P:\n pass\ndef f(p):\n return 1", "assert f(P()) == 1"), "class in an assert"),
        (full("class P:\n pass\ndef f(p):\n return 1", "assert f(a) == 1", setup="a = P()"), "class in the set-up"),
        (full("def f(p):\n return 1", "assert f(a) == 1", setup="a = f(0)"), "function in the set-up"),
        (full("LIMIT = 3\ndef f(p):\n return 1", "assert f(LIMIT) == 1"), "variable"),
        (full("def f(v, t):\n return v", "assert f(1, int) == 1"), "type as an argument"),
        (full("def f(v, key):\n return v", "assert f(1, key=len) == 1"), "function as an argument"),
        (sanitized("import re\ndef f(s):\n return re.search('a', s)", "assert f('a')", "assert not f('b')"), "a match"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_tests_that_handle_more_than_plain_data_run_in_the_candidates_process(row: dict[str, Any], why: str) -> None:
    check = hardened(row)
    assert isinstance(check, InProcessCheck), why
    assert check.tests == tuple(row["test_list"])
    assert check.expected_tests == len(row["test_list"])
    assert check.setup == row.get("test_setup_code", "")


@pytest.mark.parametrize(
    "row",
    [
        full("def f(v):\n return v", "assert f(list(map(int, '12'))) == [1, 2]"),
        full("def f(v):\n return v", "assert isinstance(f(1), int)"),
        full("def f(v):\n return v", "assert f(x) == 1", setup="x = 1"),
        sanitized("def f(v):\n return v > 1", "assert f(2)", "assert not f(1)"),
        sanitized("import re\ndef f(s):\n return re.search('a', s)", "assert f('a') != None"),
    ],
)
def test_tests_of_plain_data_run_outside(row: dict[str, Any]) -> None:
    assert isinstance(hardened(row), StubCheck)


def test_windows_line_ends_and_tabs_survive() -> None:
    code = "def f(x):\r\n\tif x:\r\n\t\treturn 1\r\n\treturn 0"
    row = json.loads(json.dumps(full(code, "assert f(1) == 1 \r\n", "assert f(0) == 0")))
    task = task_from_row(row)
    assert task.reference == code
    official = task.checks["official"]
    assert isinstance(official, ScriptCheck)
    exec(task.reference + "\n" + official.tests, {})


@pytest.mark.parametrize("raw", [7, "7", "MBPP/7", "Mbpp/7", "mbpp/7"])
def test_task_ids_have_one_spelling(raw: str | int) -> None:
    assert canonical_task_id("mbpp", raw) == "Mbpp/7"


def _store(folder: Path, *rows: dict[str, Any]) -> None:
    (folder / "mbpp").mkdir()
    (folder / "mbpp/mbpp.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_the_test_split_is_tasks_11_to_510(tmp_path: Path) -> None:
    _store(tmp_path, *(full("def f():\n return 1", "assert f() == 1", number=n) for n in (10, 11, 510, 511)))
    assert [task.task_id for task in catalog.load("mbpp@test", tmp_path).tasks] == ["Mbpp/11", "Mbpp/510"]
    assert len(catalog.load("mbpp", tmp_path).tasks) == 4


def test_sanitized_rows_are_read_from_one_json_list(tmp_path: Path) -> None:
    (tmp_path / "mbpp").mkdir()
    rows = [sanitized("def f():\n return 1", "assert f() == 1", number=n) for n in (2, 3)]
    (tmp_path / "mbpp/sanitized-mbpp.json").write_text(json.dumps(rows, indent=2))
    assert [task.task_id for task in catalog.load("mbpp@sanitized", tmp_path).tasks] == ["Mbpp/2", "Mbpp/3"]


@pytest.mark.parametrize("row", [full("def f(:", "assert f() == 1"), full("def f(): pass", "assert (")])
def test_a_row_that_is_no_python_is_an_error_that_names_the_file(tmp_path: Path, row: dict[str, Any]) -> None:
    _store(tmp_path, row)
    with pytest.raises(AssayError, match=r"mbpp\.jsonl has a reference solution or a test that is not Python"):
        catalog.load("mbpp", tmp_path)
