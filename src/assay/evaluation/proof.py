"""Proves that tasks test something: the reference passes, an empty answer and faulty references do not, and the
verdicts are the same every time and under other hash seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from assay.judge.checks import ProgramCheck
from assay.judge.contest import StdioCheck
from assay.judge.pool import Item, Judged
from assay.judge.verdict import Verdict, VerdictKind
from assay.tasks.mutants import Mutant, make_mutants
from assay.tasks.task import Task

# What ends a process with status 0 before anything else happens, put behind a right answer.
_EXITS = {
    "python": "\nimport os\nos._exit(0)\n",
    "bash": "\nexit 0\n",
    "c": "\n#include <unistd.h>\n__attribute__((constructor)) static void leave(void) { _exit(0); }\n",
    "cpp": "\n#include <unistd.h>\nstatic struct Leave { Leave() { _exit(0); } } leave;\n",
    "javascript": "\nprocess.exit(0);\n",
    "typescript": "\nprocess.exit(0);\n",
    "lua": "\nos.exit(0)\n",
    "perl": "\nexit(0);\n",
    "php": "\nexit(0);\n",
    "ruby": "\nexit!(0)\n",
}
_NOT_A_FAULT = (VerdictKind.compile_error, VerdictKind.harness_error)


class Pool(Protocol):
    """What is needed of `assay.judge.pool.JudgePool`."""

    def judge(self, items: Sequence[Item]) -> Iterator[Judged]: ...


OpenPool = Callable[[int], AbstractContextManager[Pool]]


@dataclass(frozen=True)
class Proof:
    """What was found out about one task.

    reference, empty: rule set -> verdict. mutants: faulty references that could be judged (those that do not compile
    are not counted); killed: of these, how many failed under every rule set; survivors: what the others changed.
    problems: why the task proves nothing, in sentences; warnings: what a user should know all the same.
    """

    task_id: str
    language: str
    reference: dict[str, Verdict]
    empty: dict[str, Verdict]
    mutants: int
    killed: int
    survivors: tuple[str, ...]
    stable: bool
    problems: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def proven(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        return {
            "task_id": self.task_id,
            "language": self.language,
            "proven": self.proven,
            "reference": {rules: verdict.as_json() for rules, verdict in self.reference.items()},
            "empty": {rules: verdict.as_json() for rules, verdict in self.empty.items()},
            "mutants": self.mutants,
            "killed": self.killed,
            "survivors": list(self.survivors),
            "stable": self.stable,
            "problems": list(self.problems),
            "warnings": list(self.warnings),
        }


def prove(
    tasks: Sequence[Task],
    open_pool: OpenPool,
    *,
    most_mutants: int = 12,
    repeats: int = 3,
    seeds: Sequence[int] = (0, 1, 2),
) -> list[Proof]:
    """Judge the reference of every task, an empty answer and mutants of the reference, again and again.

    open_pool: gives a pool of judges for a hash seed. repeats: how often the reference is judged under the first seed;
    under every other one it is judged once. Raises AssayError where no judge can be started.
    """
    mutants = {task.task_id: make_mutants(task.reference, task.language, most_mutants) for task in tasks}
    verdicts: dict[tuple[str, str], dict[str, Verdict]] = {}
    for number, seed in enumerate(seeds):
        items = [item for task in tasks for item in _items(task, mutants[task.task_id], number, repeats)]
        with open_pool(seed) as pool:
            verdicts.update((judged.key, judged.verdicts) for judged in pool.judge(items))
    return [
        _proof(task, mutants[task.task_id], {what: v for (t, what), v in verdicts.items() if t == task.task_id})
        for task in tasks
    ]


def _items(task: Task, mutants: Sequence[Mutant], seed_number: int, repeats: int) -> Iterator[Item]:
    def item(what: str, program: str) -> Item:
        return Item((task.task_id, what), task.task_id, program, task.checks, task.language)

    if seed_number:
        yield item(f"reference, seed {seed_number}", task.reference)
        yield item(f"empty, seed {seed_number}", "")
        return
    for number in range(repeats):
        yield item(f"reference, time {number}", task.reference)
    yield item("empty", "")
    for number, mutant in enumerate(mutants):
        yield item(f"mutant {number}", mutant.text)
    if task.language in _EXITS and not any(isinstance(check, StdioCheck) for check in task.checks.values()):
        yield item("exit", task.reference + _EXITS[task.language])


def _proof(task: Task, mutants: Sequence[Mutant], verdicts: dict[str, dict[str, Verdict]]) -> Proof:
    """verdicts: of the reference, the empty answer and so on."""
    reference, empty = verdicts["reference, time 0"], verdicts["empty"]
    judged = [
        (mutant, verdicts[f"mutant {number}"])
        for number, mutant in enumerate(mutants)
        if not any(verdict.kind in _NOT_A_FAULT for verdict in verdicts[f"mutant {number}"].values())
    ]
    survivors = [mutant.change for mutant, found in judged if any(verdict.passed for verdict in found.values())]
    stable = all(
        _kinds(found) == _kinds(verdicts[first])
        for what, found in verdicts.items()
        for first in ("reference, time 0", "empty")
        if what.startswith(f"{first.partition(',')[0]},")
    )
    problems = [
        *_sentences(reference, "the reference fails", lambda verdict: not verdict.passed),
        *_sentences(empty, "an empty answer passes", lambda verdict: verdict.passed),
    ]
    if not stable:
        problems.append(f"verdicts change from one run to the next: {_changes(verdicts)}")
    passes = all(verdict.passed for verdict in reference.values())
    if passes and len(survivors) == len(judged):
        problems.append(
            f"none of the {len(judged)} faulty references fails, so the tests prove nothing"
            if judged
            else "no faulty reference could be made, so nothing shows that the tests can fail"
        )
    warnings: list[str] = []
    fooled = [rules for rules, verdict in verdicts.get("exit", {}).items() if verdict.passed]
    # Official rules run Python tests beside the answer, where that is upstream's way too; there it is no news.
    if passes and "hardened" in fooled:
        by_status = isinstance(task.checks["hardened"], ProgramCheck)
        advice = "; report under a nonce instead" if by_status else ""
        (warnings if by_status else problems).append(f"an answer that ends with status 0 at once passes{advice}")
    return Proof(
        task_id=task.task_id,
        language=task.language,
        reference=reference,
        empty=empty,
        mutants=len(judged),
        killed=len(judged) - len(survivors),
        survivors=tuple(survivors),
        stable=stable,
        problems=tuple(problems),
        warnings=tuple(warnings),
    )


def _kinds(verdicts: dict[str, Verdict]) -> dict[str, VerdictKind]:
    return {rules: verdict.kind for rules, verdict in verdicts.items()}


def _sentences(verdicts: dict[str, Verdict], what: str, is_wrong: Callable[[Verdict], bool]) -> list[str]:
    """One sentence for all rule sets that say the same."""
    wrong: dict[str, list[str]] = {}
    for rules, verdict in verdicts.items():
        if is_wrong(verdict):
            said = f": {verdict.kind.value}, {verdict.detail}" if verdict.detail else ""
            wrong.setdefault(said, []).append(rules)
    return [
        f"{what}{'' if len(rules) == len(verdicts) else f' under the {rules[0]} rules'}{said}"
        for said, rules in wrong.items()
    ]


def _changes(verdicts: dict[str, dict[str, Verdict]]) -> str:
    kinds = (
        f"{what}: {' and '.join(sorted({verdict.kind.value for verdict in found.values()}))}"
        for what, found in verdicts.items()
        if what.startswith(("reference", "empty"))
    )
    return "; ".join(kinds)
