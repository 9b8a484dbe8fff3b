"""Whether the references of all languages give the same: they are run in the sandbox, results are compared outside.

Many programs are compiled into one, since starting a compiler costs more than compiling. Where such a program does not
compile or does not end well, its halves are tried, down to the one that is to blame.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.errors import AssayError
from assay.forge import batches, ir
from assay.forge.render import RENDERERS
from assay.forge.render.text import Source
from assay.forge.task import Case, ForgeTask
from assay.forge.wire import calls, shown
from assay.sandbox import Limits, Sandbox, Status
from assay.sandbox.program import MIB

LIMITS = Limits(cpu_s=120.0, memory_bytes=2048 * MIB, output_bytes=64 * MIB, kept_bytes=64 * MIB)
# Programs in one.
BATCH = 50

Pair = tuple[ForgeTask, Source]


def rendered(program: ir.Program, language: str) -> Source:
    """A program in a language other than Python."""
    return RENDERERS[language](program)


def disagreeing(
    sandbox: Sandbox, pairs: Sequence[tuple[ForgeTask, ir.Program]], languages: Sequence[str]
) -> dict[str, str]:
    """task id -> which of these languages gives something else than Python, and what; nothing of those that agree."""
    found: dict[str, str] = {}
    for language in languages:
        sources = [(task, rendered(program, language)) for task, program in pairs]
        for task_id, why in check(sandbox, language, sources).items():
            found.setdefault(task_id, f"{language}: {why}")
    return found


def check(sandbox: Sandbox, language: str, pairs: Sequence[Pair]) -> dict[str, str]:
    """task id -> how its reference in this language differs from the task's cases; nothing of those that agree.

    Raises AssayError where the language cannot be run here.
    """
    found: dict[str, str] = {}
    waiting = [pairs[start : start + BATCH] for start in range(0, len(pairs), BATCH)]
    while waiting:
        programs = [batches.program(language, [source for _, source in group], _stdin(group)) for group in waiting]
        by_program = dict(zip(map(id, programs), waiting, strict=True))
        waiting = []
        for program, outcome in sandbox.map(programs, LIMITS):
            group = by_program[id(program)]
            if outcome.status is Status.harness_error:
                raise AssayError(f"The references in {language} cannot be run: {outcome.detail}.")
            if outcome.status is Status.exited and outcome.exit_code == 0:
                found |= _compared(group, outcome.stdout.decode(errors="replace").split("\n"))
            elif len(group) > 1:
                waiting += [group[: len(group) // 2], group[len(group) // 2 :]]
            else:
                said = (outcome.stderr or outcome.stdout).decode(errors="replace")
                found[group[0][0].task_id] = f"{outcome.phase}: {outcome.status.value} {outcome.detail} {said}"[:2000]
    return found


def cases(task: ForgeTask) -> tuple[Case, ...]:
    """All that are known of a task."""
    return (*task.tests, *task.examples, *task.audit)


def _stdin(group: Sequence[Pair]) -> bytes:
    return "".join(calls(cases(task)) for task, _ in group).encode()


def _compared(group: Sequence[Pair], lines: list[str]) -> dict[str, str]:
    found = {}
    at = 0
    for task, _ in group:
        for case in cases(task):
            got, expected = lines[at] if at < len(lines) else "nothing", shown(case.expected)
            if got != expected and task.task_id not in found:
                found[task.task_id] = f"{case.arguments!r} gives {got}, not {expected}"
            at += 1
    return found
