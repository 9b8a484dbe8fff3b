"""Fill a hole in the function: what stands before and behind it is given; kept-back calls decide.

Holes are statements that stand together, or an expression, in Python; whole lines elsewhere.
"""

from __future__ import annotations

import ast

from assay.forge.dialects.dialect import Dialect
from assay.forge.kinds.choosing import bug_of, rng
from assay.forge.task import ForgeTask
from assay.tasks.task import Task

_SHORTEST = 6  # characters of an expression worth asking for
_MOST_LINES = 6


def make(row: ForgeTask, dialect: Dialect) -> Task:
    """The hole is chosen by the task alone."""
    declaration, body = dialect.declaration(row), dialect.body(row)
    holes = _python_holes(row) if dialect.name == "python" else _line_holes(body)
    begin, end = rng(row, "hole").choice(holes)
    before, behind = declaration + body[:begin], body[end:]
    bug = bug_of(row, dialect)
    return Task(
        task_id=row.task_id,
        prompt=before,
        suffix=behind,
        entry_point=row.entry_point,
        reference=declaration + body,
        buggy=declaration + bug.body if bug else "",
        checks={"hardened": dialect.check(row, closed=True)},
        finish=dialect.finish,
        language=dialect.name,
        instruction=f"Write the text that is missing in this {dialect.title} program where it says <MISSING>. Answer "
        f"with the missing text alone.\n\n```{dialect.name}\n{before}<MISSING>{behind}\n```\n",
    )


def _python_holes(row: ForgeTask) -> list[tuple[int, int]]:
    """Where holes in the body can begin and end: runs of statements of one block, and expressions."""
    head = row.signature + "\n"
    tree = ast.parse(head + row.body)
    starts = [0]
    for line in row.body.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    first_line = head.count("\n") + 1

    def line_start(number: int) -> int:
        return starts[number - first_line]

    holes = []
    # without the name in front of it, what a call is given often does as well
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if not isinstance(block, list) or not isinstance(block[0] if block else None, ast.stmt):
                continue
            if isinstance(node, ast.If) and name == "orelse" and isinstance(block[0], ast.If):
                continue  # an elif is no statement of its own
            for one, first in enumerate(block):
                for last in block[one:]:
                    begin, end = first.lineno, (last.end_lineno or last.lineno) + 1
                    if first.lineno >= first_line and end - begin <= _MOST_LINES and not isinstance(node, ast.Module):
                        holes.append((line_start(begin), line_start(end)))
        if isinstance(node, ast.expr) and node.lineno >= first_line and node.lineno == node.end_lineno:
            begin = line_start(node.lineno) + node.col_offset
            end = line_start(node.lineno) + (node.end_col_offset or 0)
            if (
                end - begin >= _SHORTEST
                and id(node) not in called
                and not isinstance(getattr(node, "ctx", None), ast.Store)
            ):
                holes.append((begin, end))
    whole = (0, len(row.body))
    return sorted(set(holes) - {whole}) or [whole]


def _line_holes(body: str) -> list[tuple[int, int]]:
    """Runs of lines of which none is a lone bracket at either end."""
    starts = [0]
    for line in body.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = body.splitlines()
    inner = range(len(lines) - 1)  # the last one closes the function
    holes = []
    for first in inner:
        for last in inner[first : first + _MOST_LINES]:
            chosen = lines[first : last + 1]
            if _is_balanced(chosen) and not (first == 0 and last == inner[-1]):
                holes.append((starts[first], starts[last + 1]))
    return holes or [(0, starts[len(inner)])]


def _is_balanced(lines: list[str]) -> bool:
    """Whether every bracket that is opened in these lines is closed in them, and the other way round."""
    depth = 0
    for char in "".join(lines):
        depth += (char in "([{") - (char in ")]}")
        if depth < 0:
            return False
    return depth == 0 and any(line.strip() for line in lines)
