"""Two tasks of the forge, written by hand, and a folder with them."""

from __future__ import annotations

import json
from pathlib import Path

from assay.forge.task import Bug, Case, ForgeTask

SUM_EVEN = ForgeTask(
    task_id="forge/7/0",
    depth=2,
    operations=("filter_even", "sum"),
    entry_point="sum_even",
    signature="def sum_even(numbers: list[int]) -> int:",
    docstring="Add up the even numbers.\n\n>>> sum_even([1, 2, 4])\n6",
    body="""\
    total = 0
    for number in numbers:
        if number % 2 == 0:
            total += number
    return total
""",
    tests=(Case(([],), 0), Case(([2, 3],), 2), Case(([5, 7, 10, 12],), 22), Case(([-2, -4],), -6)),
    examples=(Case(([1, 2, 4],), 6),),
    audit=(Case(([0, 1],), 0), Case(([8],), 8)),
    bugs=(
        Bug(
            """\
    total = 0
    for number in numbers:
        if number % 2 == 1:
            total += number
    return total
""",
            "constant",
            3,
            1,
            "returned 3",
        ),
        Bug(
            """\
    total = 0
    while True:
        total += 1
    return total
""",
            "operator",
            2,
            0,
            "ran out of time",
        ),
    ),
)
LONGEST_WORD = ForgeTask(
    task_id="forge/7/1",
    depth=3,
    operations=("words", "longest", "upper"),
    entry_point="longest_word",
    signature="def longest_word(text: str) -> str:",
    docstring='Give the first longest word in upper case, "" if there is none.\n\n>>> longest_word("a bc de")\n"BC"',
    body="""\
    words = text.split()
    if not words:
        return ""
    return max(words, key=len).upper()
""",
    tests=(Case(("",), ""), Case(("x",), "X"), Case(("one three two",), "THREE")),
    examples=(Case(("a bc de",), "BC"),),
    bugs=(
        Bug(
            """\
    words = text.split()
    if not words:
        return ""
    return min(words, key=len).upper()
""",
            "operator",
            4,
            2,
            "returned 'ONE'",
        ),
    ),
)
ROWS = (SUM_EVEN, LONGEST_WORD)


def write_rows(folder: Path, rows: tuple[ForgeTask, ...] = ROWS) -> Path:
    """The folder, with what `assay forge` would write into it as its test tasks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "test.jsonl").write_text("".join(json.dumps(row.as_json()) + "\n" for row in rows))
    return folder
