"""The hostile corpus: real programs with the right verdict in their header, and the tasks that they answer.

`tests/hostile/README.md` says how a file is read. The files are data: only the sandbox ever runs them, but for the
generators (`NAME.gen.py`), which are ours and make programs that no editor could hold.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import assay
from assay.errors import AssayError
from assay.judge.checks import Check, DifferentialCheck, InProcessCheck, ScriptCheck, StubCheck
from assay.judge.verdict import VerdictKind
from assay.sandbox.program import MIB, Limits, Status

_HEADER = re.compile(r"# (hostile|task|verdict|status|official|flags|seeds|why): (.*)")


@dataclass(frozen=True)
class HostileProgram:
    """One file of the corpus.

    name: the file's, without endings. number: of the case, with its letter, for example "13c".
    expected: the right verdicts under `hardened`, or the right statuses where `task` is "run".
    official: the verdict under `official`, "" where the header names none. seeds: hash seeds to judge under.
    """

    name: str
    path: Path
    task: str
    expected: tuple[str, ...]
    official: str = ""
    flags: tuple[str, ...] = ()
    seeds: int = 1
    why: str = ""

    @property
    def number(self) -> str:
        return self.name.partition("_")[0]

    def source(self) -> bytes:
        """The program itself."""
        content = self.path.read_bytes()
        if not self.path.name.endswith(".gen.py"):
            return content
        space: dict[str, Any] = {}
        exec(compile(content, str(self.path), "exec"), space)
        program: bytes = space["program"]()
        return program


@dataclass(frozen=True)
class HostileTask:
    """What a program answers: the check under either rule set, none for whole programs, and the limits."""

    limits: Limits
    hardened: Check | None
    official: Check | None


def corpus_folder() -> Path:
    """Where the corpus lies: beside the sources in a checkout, else inside the package. Raises AssayError."""
    package = Path(assay.__file__).resolve().parent
    places = (package.parents[1] / "tests" / "hostile", package / "sandbox" / "hostile")
    for place in places:
        if (place / "tasks.toml").is_file():
            return place
    raise AssayError(
        f"The hostile programs are neither in {places[0]} nor in {places[1]}. "
        "Install assay from a wheel or run it from a complete checkout."
    )


def load_tasks(folder: Path | None = None) -> dict[str, HostileTask]:
    """The tasks by name. Raises AssayError for a file that is damaged."""
    path = (folder or corpus_folder()) / "tasks.toml"
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _task(row) for name, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AssayError(f"The tasks of the hostile programs in {path} cannot be read: {error}.") from None


def _task(row: dict[str, Any]) -> HostileTask:
    given = row.get("limits", {})
    usual = Limits()
    limits = Limits(
        cpu_s=given.get("cpu_s", usual.cpu_s), memory_bytes=given.get("memory_mib", usual.memory_bytes // MIB) * MIB
    )
    entry_point, kind = row["entry_point"], row["kind"]
    if kind == "program":
        return HostileTask(limits, None, None)
    if kind == "stub":
        tests = f"{row['tests']}\ncheck({entry_point})\n"
        context = row["prompt"] + "    raise NotImplementedError\n"
        return HostileTask(limits, StubCheck(context, tests, (entry_point,), limits), ScriptCheck(tests, limits))
    if kind == "in_process_unittest":
        check = InProcessCheck(unittest_source=row["tests"], expected_tests=row["expected_tests"], limits=limits)
        return HostileTask(limits, check, None)
    if kind == "differential":
        inputs = {"base": tuple(row["inputs"])}
        hardened, official = (
            DifferentialCheck(entry_point, row["reference"], inputs, official=official, limits=limits)
            for official in (False, True)
        )
        return HostileTask(limits, hardened, official)
    raise ValueError(f"there is no kind of task {kind!r}")


def load_programs(only: Collection[str] = (), folder: Path | None = None) -> list[HostileProgram]:
    """The programs in order of their numbers.

    only: numbers ("13" or "13c") or names, all if empty. Raises AssayError for a damaged header or an unknown number.
    """
    place = folder or corpus_folder()
    programs = [_read(path) for path in sorted((place / "python").glob("*.py"))]
    if not programs:
        raise AssayError(f"There are no hostile programs in {place / 'python'}.")
    if not only:
        return programs
    names = {each.lstrip("0") for each in only}
    chosen = [one for one in programs if names.intersection(_called(one))]
    unknown = names - {name for one in programs for name in _called(one)}
    if unknown:
        raise AssayError(
            f"There is no hostile program {', '.join(sorted(unknown))}. "
            f"Numbers look like 13 or 13c; all of them lie in {place}."
        )
    return chosen


def _called(program: HostileProgram) -> tuple[str, str, str]:
    number = program.number.lstrip("0")
    return number, number.rstrip("abcdefghijklmnopqrstuvwxyz"), program.name.lstrip("0")


def _read(path: Path) -> HostileProgram:
    said: dict[str, str] = {}
    with path.open("rb") as file:
        for raw in file:
            match = _HEADER.fullmatch(raw.decode("utf-8", "replace").rstrip("\r\n"))
            if match is None:
                break
            said[match[1]] = match[2].strip()
    task = said.get("task", "")
    expected = tuple(said.get("status" if task == "run" else "verdict", "").split(" | "))
    known = Status if task == "run" else VerdictKind
    if not task or "why" not in said or not set(expected) <= {each.value for each in known}:
        raise AssayError(
            f"The header of the hostile program {path} is damaged: it needs a task, a right verdict and why."
        )
    return HostileProgram(
        name=path.name.removesuffix(".py").removesuffix(".gen"),
        path=path,
        task=task,
        expected=expected,
        official=said.get("official", ""),
        flags=tuple(said["flags"].split()) if "flags" in said else (),
        seeds=int(said.get("seeds", "1")),
        why=said["why"],
    )
