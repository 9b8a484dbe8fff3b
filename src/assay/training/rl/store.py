"""What became of every program that was written: one file, from which negatives, pairs and new examples are made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.errors import AssayError
from assay.forge.task import Case

if TYPE_CHECKING:
    from assay.training.rl.rollout import Group

SCHEMA = 1


def program_hash(program: str) -> str:
    """The name that a program goes by."""
    return hashlib.sha256(program.encode(errors="surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Attempt:
    """A program that the model wrote for a task, and what happened when it ran.

    body: what was written after the task's prompt. step: at which it was first written. times: how often in all.
    verdict: a value of `VerdictKind`; "accepted" is the only pass. failing: the first of the tests it was given that
    it failed, and `detail` how; None where it passed, or never got as far as a test.
    """

    task_id: str
    body: str
    verdict: str
    detail: str = ""
    failing: Case | None = None
    step: int = 0
    times: int = 1

    @property
    def passed(self) -> bool:
        return self.verdict == "accepted"

    @property
    def name(self) -> str:
        return program_hash(self.body)


class Store:
    """The attempts of a run, in memory once a program of a task, and in a file of JSON Lines once a step.

    What could not be judged (harness_error) says nothing about a program and is not kept.
    """

    def __init__(self, path: Path | None) -> None:
        """Read what is there. path: None for memory alone. Raises AssayError for a file that is none."""
        self._path = path
        self._attempts: dict[tuple[str, str], Attempt] = {}
        if path is not None and path.exists():
            for number, line in enumerate(path.read_bytes().splitlines(True), 1):
                if not line.endswith(b"\n"):  # the last one, cut short by a kill; going on drops it
                    break
                try:
                    self._remember(_from_json(json.loads(line)))
                except (ValueError, KeyError, TypeError) as error:
                    raise AssayError(
                        f"Line {number} of {path} is no attempt ({error}). Move the file away, or give another --out."
                    ) from None

    def __len__(self) -> int:
        return len(self._attempts)

    def __iter__(self) -> Iterator[Attempt]:
        return iter(self._attempts.values())

    def by_task(self) -> dict[str, list[Attempt]]:
        """Attempts under their task, in the order in which they were first written."""
        tasks: dict[str, list[Attempt]] = {}
        for attempt in self:
            tasks.setdefault(attempt.task_id, []).append(attempt)
        return tasks

    def add(self, attempts: list[Attempt]) -> None:
        """Keep these. An attempt that is known already counts once more; one that fails now has failed."""
        rows = []
        for attempt in attempts:
            if attempt.verdict == "harness_error":
                continue
            self._remember(attempt)
            rows.append(json.dumps(_as_json(attempt), separators=(",", ":")) + "\n")
        if self._path is not None and rows:
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(rows)

    def rewind(self, step: int) -> None:
        """Forget what was written after a step, as a run does that continues from a checkpoint of that step."""
        if self._path is None or not self._path.exists():
            return
        kept = [line for line in self._path.read_bytes().splitlines(True) if _step_of(line) <= step]
        beside = self._path.with_suffix(".new")
        beside.write_bytes(b"".join(kept))
        beside.replace(self._path)
        self._attempts.clear()
        for line in kept:
            self._remember(_from_json(json.loads(line)))

    def _remember(self, attempt: Attempt) -> None:
        key = (attempt.task_id, attempt.name)
        known = self._attempts.get(key)
        if known is None:
            self._attempts[key] = attempt
            return
        # Tests vary between gradings: passing some of them takes nothing from having failed another.
        worse = known if attempt.passed or not known.passed else attempt
        self._attempts[key] = Attempt(
            known.task_id,
            known.body,
            worse.verdict,
            worse.detail,
            worse.failing,
            known.step,
            known.times + attempt.times,
        )


def _step_of(line: bytes) -> float:
    """Of a row; of one that a kill cut short, later than any."""
    try:
        return int(json.loads(line)["step"]) if line.endswith(b"\n") else float("inf")
    except (ValueError, KeyError, TypeError):
        return float("inf")


def _as_json(attempt: Attempt) -> dict[str, Any]:
    row: dict[str, Any] = {"schema": SCHEMA, "step": attempt.step, "task_id": attempt.task_id, "program": attempt.name}
    row |= {"verdict": attempt.verdict, "body": attempt.body}
    if attempt.detail:
        row["detail"] = attempt.detail
    if attempt.failing is not None:
        row["failing"] = [list(attempt.failing.arguments), attempt.failing.expected]
    if attempt.times != 1:
        row["times"] = attempt.times
    return row


def _from_json(row: dict[str, Any]) -> Attempt:
    if row["schema"] != SCHEMA:
        raise ValueError(f"schema {row['schema']!r} is not {SCHEMA}")
    failing = row.get("failing")
    return Attempt(
        row["task_id"],
        row["body"],
        row["verdict"],
        row.get("detail", ""),
        None if failing is None else Case(tuple(failing[0]), failing[1]),
        row["step"],
        row.get("times", 1),
    )


def attempts_in(groups: Sequence[Group], step: int) -> list[Attempt]:
    """Every program of a step once, with how often it was written."""
    found: dict[tuple[str, str], Attempt] = {}
    for group in groups:
        for sample, grade in zip(group.samples, group.grades, strict=True):
            key = (group.task.task_id, sample.body)
            known = found.get(key)
            if known is None:
                found[key] = Attempt(*key, grade.verdict, grade.detail, grade.failing, step)
            else:
                found[key] = replace(known, times=known.times + 1)
    return list(found.values())
