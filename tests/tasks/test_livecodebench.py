"""LiveCodeBench rows: what is loaded, which tests they hold, and how answers to them are judged."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import gzip
import json
import pickle
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.judge.contest import CallCheck, StdioCheck
from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.tasks import catalog
from assay.tasks.extract import extract
from assay.tasks.livecodebench.windows import Window, parse_window
from assay.tasks.task import Benchmark, Task


def pack(tests: Any) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(tests)))).decode()


def stdin_row(number: int, date: str = "2024-08-10T00:00:00", **more: Any) -> dict[str, Any]:
    """Print twice n; two tests are public, one is private."""
    tests = [{"input": f"{n}\n", "output": f"{2 * n}\n", "testtype": "stdin"} for n in (1, 3, 20)]
    return {
        "question_title": "Twice",
        "question_content": "Print twice n.",
        "platform": "atcoder",
        "question_id": f"abc{number}_a",
        "contest_id": f"abc{number}",
        "contest_date": date,
        "starter_code": "",
        "difficulty": "easy",
        "public_test_cases": json.dumps(tests[:2]),
        "private_test_cases": pack(tests[2:]),
        "metadata": "{}",
    } | more


STARTER = "class Solution:\n    def twice(self, xs: List[int]) -> List[int]:\n        "


def call_row(number: int, **more: Any) -> dict[str, Any]:
    tests = [
        {"input": json.dumps(xs), "output": json.dumps([2 * x for x in xs]), "testtype": "functional"}
        for xs in ([1, 2], [], [7])
    ]
    return (
        stdin_row(
            number,
            platform="leetcode",
            question_id=str(number),
            starter_code=STARTER,
            public_test_cases=json.dumps(tests[:1]),
            private_test_cases=pack(tests[1:]),
            metadata='{"func_name": "twice"}',
        )
        | more
    )


def write(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    path = folder / "livecodebench" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder


@pytest.fixture
def benchmark(tmp_path: Path) -> Benchmark:
    return catalog.load("livecodebench@v6", write(tmp_path, "test6.jsonl", stdin_row(1), call_row(2), stdin_row(3)))


def test_rows_become_tasks_whose_tests_are_read_when_they_are_needed(benchmark: Benchmark, tmp_path: Path) -> None:
    stdin, call, _ = benchmark.tasks
    assert (stdin.task_id, call.task_id) == ("abc1_a", "2")
    check = stdin.checks["hardened"]
    assert isinstance(check, StdioCheck)
    assert not isinstance(check.tests, tuple)
    assert [(test.stdin, test.expected) for test in check.tests.read()] == [
        (b"1\n", b"2\n"),
        (b"3\n", b"6\n"),
        (b"20\n", b"40\n"),
    ]
    calls = call.checks["official"]
    assert isinstance(calls, CallCheck)
    assert calls.official
    assert not isinstance(calls.tests, tuple)
    assert [(test.args, test.expected) for test in calls.tests.read()] == [
        (([1, 2],), [2, 4]),
        (([],), []),
        (([7],), [14]),
    ]


def test_tests_of_megabytes_do_not_travel_with_the_task(judge: Judge, tmp_path: Path) -> None:
    numbers = list(range(300_000))
    test = {"input": " ".join(map(str, numbers)), "output": str(2 * sum(numbers)), "testtype": "stdin"}
    rows = (stdin_row(1), stdin_row(2, public_test_cases="[]", private_test_cases=pack([test])))
    task = catalog.load("livecodebench@v6", write(tmp_path, "test6.jsonl", *rows)).tasks[1]
    assert len(pickle.dumps(dict(task.checks))) < 20_000
    program = "import sys\nprint(2 * sum(map(int, sys.stdin.read().split())))"
    assert verdicts(judge, task, program) == ("accepted", "accepted")


@pytest.mark.parametrize("name", ["test6.jsonl", "test6.jsonl.gz"])
def test_packed_and_plain_files_hold_the_same(tmp_path: Path, name: str) -> None:
    one = catalog.load("livecodebench@v6", write(tmp_path, name, stdin_row(1), stdin_row(2)))
    check = one.tasks[1].checks["hardened"]
    assert isinstance(check, StdioCheck)
    assert not isinstance(check.tests, tuple)
    assert len(check.tests.read()) == 3


def test_a_release_is_all_files_up_to_its_own(tmp_path: Path) -> None:
    write(tmp_path, "test.jsonl", stdin_row(1))
    write(tmp_path, "test2.jsonl", stdin_row(2))
    write(tmp_path, "test3.jsonl", stdin_row(3))
    whole = catalog.load("livecodebench@release_v3", tmp_path)
    assert [task.task_id for task in whole.tasks] == ["abc1_a", "abc2_a", "abc3_a"]
    assert [task.task_id for task in catalog.load("livecodebench@v3", tmp_path).tasks] == ["abc3_a"]
    assert catalog.load("livecodebench@release_v2", tmp_path).data_sha256 != whole.data_sha256
    with pytest.raises(AssayError, match="assay data fetch livecodebench@v4"):
        catalog.load("livecodebench@release_v4", tmp_path)


def test_a_window_of_dates_chooses_contests(tmp_path: Path) -> None:
    dates = ("2024-07-31", "2024-08-01", "2024-12-31", "2025-01-31", "2025-02-01")
    write(tmp_path, "test6.jsonl", *(stdin_row(n, f"{date}T12:00:00") for n, date in enumerate(dates)))

    def chosen(spec: str) -> list[str]:
        return [task.task_id[3] for task in catalog.load(spec, tmp_path).tasks]

    assert chosen("livecodebench:2024-08..2025-01@v6") == ["1", "2", "3"]
    assert chosen("livecodebench:2024-08-02..2024-12-31@v6") == ["2"]
    assert chosen("livecodebench:2025-01..@v6") == ["3", "4"]
    assert chosen("livecodebench:..2024-07@v6") == ["0"]
    assert catalog.load("livecodebench:2025-01..@v6", tmp_path).name == "livecodebench:2025-01..@v6"
    with pytest.raises(AssayError, match="no contest of it lies in that window"):
        chosen("livecodebench:2030-01..@v6")


def test_windows_are_days_and_months() -> None:
    day = datetime.date
    assert parse_window("2024-02..2024-02") == Window(day(2024, 2, 1), day(2024, 2, 29))
    assert parse_window("2024-02-03..") == Window(first=day(2024, 2, 3))
    for broken in ("..", "2024..2025", "2024-13..", "2024-02-30..", "2024-1..", "..x", "٢٠٢٤-01.."):
        with pytest.raises(AssayError, match="is no window of dates"):
            parse_window(broken)
    with pytest.raises(AssayError, match="ends before it begins"):
        parse_window("2025-01..2024-12")


@pytest.mark.parametrize("part", ["easy", "2024", "x..y"])
def test_a_part_that_is_no_window_is_refused(tmp_path: Path, part: str) -> None:
    with pytest.raises(AssayError, match=r"has no part|no window"):
        catalog.load(f"livecodebench:{part}@v6", write(tmp_path, "test6.jsonl", stdin_row(1)))


@pytest.mark.parametrize(
    "broken",
    [
        {"metadata": "no JSON"},
        {"question_id": 7},
        {"contest_date": "yesterday"},
        {"starter_code": None},
        {"metadata": "[]"},
    ],
)
def test_a_row_of_another_form_is_named(tmp_path: Path, broken: dict[str, Any]) -> None:
    folder = write(tmp_path, "test6.jsonl", stdin_row(1), stdin_row(2) | broken)
    with pytest.raises(AssayError, match=r"test6\.jsonl, line 2: the row is not as upstream writes it"):
        catalog.load("livecodebench:2020-01..@v6", folder)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def verdicts(judge: Judge, task: Task, program: str) -> tuple[str, str]:
    found = {rules: judge.judge(check, program) for rules, check in task.checks.items()}
    return found["official"].kind.value, found["hardened"].kind.value


# Right programs, and whether upstream's own harness accepts them: it replaces stdin and puts them into a function.
RIGHT = {
    "input": ("print(2 * int(input()))", "accepted"),
    "sys.stdin.read": ("import sys\nprint(2 * int(sys.stdin.read()))", "accepted"),
    "main guard": ("def f():\n    print(2 * int(input()))\nif __name__ == '__main__':\n    f()", "accepted"),
    "exit": ("print(2 * int(input()))\nexit()", "accepted"),
    "names that are granted": ("print(2 * gcd(int(input()), 0) + len(Counter()) + floor(0.5))", "accepted"),
    "big integers as text": ("n = int(input())\nint(str(10 ** 5000))\nprint(2 * n)", "accepted"),
    "bytes of stdin at once": ("import sys\nprint(2 * int(sys.stdin.buffer.read()))", "accepted"),
    "bytes of stdin line by line": (
        "import sys\nr = sys.stdin.buffer.readline\nn = int(r())\nassert not r().strip()\nprint(2 * n)",
        "runtime_error",
    ),
    "iterating": ("import sys\nfor line in sys.stdin:\n    print(2 * int(line))", "runtime_error"),
    "from sys import stdin": ("from sys import stdin\nprint(2 * int(stdin.readline()))", "runtime_error"),
    "open(0)": ("print(2 * int(open(0).read()))", "runtime_error"),
    "os.read": ("import os\nprint(2 * int(os.read(0, 99)))", "runtime_error"),
    "os.write": ("import os\nos.write(1, b'%d' % (2 * int(input())))", "wrong_answer"),
    "bytes to stdout": ("import sys\nsys.stdout.buffer.write(b'%d' % (2 * int(input())))", "runtime_error"),
    "quit": ("print(2 * int(input()))\nquit()", "runtime_error"),
    "a class called Solution": ("class Solution:\n    pass\nprint(2 * int(input()))", "runtime_error"),
    "from __future__": ("from __future__ import annotations\nprint(2 * int(input()))", "runtime_error"),
    "reading to the end": (
        "import sys\nread = sys.stdin.readline\nline = read()\n"
        "while line:\n    print(2 * int(line))\n    line = read()",
        "accepted",
    ),
}


@pytest.mark.parametrize("way", RIGHT)
def test_right_programs_pass_and_upstream_is_followed_where_it_fails_them(
    judge: Judge, benchmark: Benchmark, way: str
) -> None:
    program, official = RIGHT[way]
    assert verdicts(judge, benchmark.tasks[0], program) == (official, "accepted")


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ("print(int(input()) + 1)", "wrong_answer"),
        ("n = int(input())\nprint(2 * n if n < 9 else 0)", "wrong_answer"),
        ("raise ValueError", "runtime_error"),
        ("n = int(input())\nwhile n == 20: pass\nprint(2 * n)", "time_limit"),
        ("import os\nos._exit(0)", "wrong_answer"),
        ("import sys\nsys.exit(0)", "wrong_answer"),
    ],
)
def test_wrong_programs_fail_under_both_rule_sets(judge: Judge, benchmark: Benchmark, program: str, kind: str) -> None:
    task = benchmark.tasks[0]
    quick = {
        rules: dataclasses.replace(check, limits=check.limits.with_cpu_s(1.0)) for rules, check in task.checks.items()
    }  # type: ignore[union-attr, type-var]
    assert verdicts(judge, dataclasses.replace(task, checks=quick), program) == (kind, kind)


def test_a_program_that_does_not_compile_is_told(judge: Judge, benchmark: Benchmark) -> None:
    assert verdicts(judge, benchmark.tasks[0], "print(") == ("runtime_error", "compile_error")


@pytest.mark.parametrize(
    ("program", "official", "hardened"),
    [
        (f"{STARTER}return [2 * x for x in xs]", "accepted", "accepted"),
        (f"{STARTER}return tuple(2 * x for x in xs)", "accepted", "accepted"),
        (f"{STARTER}return [2.0 * x for x in xs]", "accepted", "accepted"),
        (f"{STARTER}return xs + xs", "wrong_answer", "wrong_answer"),
        (f"{STARTER}return [2 * x for x in xs] if xs else None", "wrong_answer", "wrong_answer"),
        ("def twice(xs): return [2 * x for x in xs]", "accepted", "accepted"),
        ("class Solution: pass", "no_code", "no_code"),
        (f"{STARTER}return 1 / 0", "runtime_error", "runtime_error"),
    ],
)
def test_functions_are_called(judge: Judge, benchmark: Benchmark, program: str, official: str, hardened: str) -> None:
    assert verdicts(judge, benchmark.tasks[1], program) == (official, hardened)


def test_tests_that_are_damaged_are_no_fault_of_the_answer(judge: Judge, tmp_path: Path) -> None:
    rows = (
        stdin_row(1, private_test_cases="AAAA"),
        call_row(2, private_test_cases=pack([{"input": "x", "output": "1"}])),
    )
    for task in catalog.load("livecodebench@v6", write(tmp_path, "test6.jsonl", *rows)).tasks:
        verdict = judge.judge(task.checks["hardened"], "print(1)")
        assert verdict.kind is VerdictKind.harness_error
        assert "test6.jsonl, line" in verdict.detail


def test_a_hostile_row_is_read_without_harm(judge: Judge, tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    evil = (
        b"\x80\x04cposix\nsystem\n(X" + len(f"touch {mark}").to_bytes(4, "little") + f"touch {mark}".encode() + b"tR."
    )
    row = stdin_row(1, private_test_cases=base64.b64encode(zlib.compress(evil)).decode())
    (task,) = catalog.load("livecodebench@v6", write(tmp_path, "test6.jsonl", row)).tasks
    verdict = judge.judge(task.checks["hardened"], "print(2 * int(input()))")
    assert verdict.kind is VerdictKind.harness_error
    assert "wants more than plain data" in verdict.detail
    assert not mark.exists()


def test_chats_and_continuations_are_understood(benchmark: Benchmark) -> None:
    stdin, call, _ = benchmark.tasks
    assert extract(stdin, "Sure:\n```python\nprint(1)\n```\n").program == "print(1)\n"
    body = "return [2 * x for x in xs]"
    assert extract(call, body).program == STARTER + body
    assert extract(call, f"```python\n{STARTER}{body}\n```").program.strip() == (STARTER + body).strip()
    assert STARTER.strip() in call.instruction
    assert call.prompt.endswith(STARTER)
    assert call.instruction.endswith("Print twice n.")
