"""The hostile corpus: real programs with the right verdict in their header, and the tasks that they answer.

`tests/hostile/README.md` says how a file is read; each language has a folder. The files are data: only the sandbox
ever runs them, but for the generators (`NAME.gen.py`), which are ours and make programs that no editor could hold.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import assay
from assay.errors import AssayError
from assay.judge.checks import (
    CANDIDATE,
    Check,
    DifferentialCheck,
    InProcessCheck,
    Inputs,
    PassRule,
    ProgramCheck,
    ScriptCheck,
    StubCheck,
)
from assay.judge.verdict import VerdictKind
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.program import MIB, Limits, Program, Status
from assay.tasks import multipl_e
from assay.tasks.harness import HARNESSES

_HEADER = re.compile(r"(?:#|//|--) (hostile|task|verdict|status|official|flags|seeds|why): (.*)")
_OPENING = ("<?php", "#!")  # what must come before the header


@dataclass(frozen=True)
class HostileProgram:
    """One file of the corpus.

    name: the file's, without endings. number: of the case, with its letter, for example "13c".
    language: the name of its folder. task: a table of tasks.toml.
    expected: the right verdicts under `hardened`, or the right statuses where the task is a whole program; there
        "compile_error" stands for every end of the compiler but success.
    official: the verdict under `official`, "" where the header names none. seeds: hash seeds to judge under.
    """

    name: str
    path: Path
    language: str
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
    """What a program answers: the check under either rule set, none for whole programs, and the limits.

    language: of all answers. file: the name under which a whole program is run. closing: what the tests put behind an
    answer, which is therefore taken without it (MultiPL-E).
    """

    limits: Limits
    hardened: Check | None
    official: Check | None
    language: str = "python"
    file: str = "main.py"
    closing: str = ""

    def answer(self, source: bytes) -> str:
        """The text that the checks are given."""
        text = source.decode("utf-8", "surrogatepass")
        return text.rstrip().removesuffix(self.closing) if self.closing else text

    def program(self, source: bytes) -> Program:
        """A whole program, ready to run."""
        return Program(self.language, {self.file: source}, self.file)


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
    entry_point, kind, language = row.get("entry_point", ""), row["kind"], row.get("language", "python")
    file = row.get("file") or f"main{LANGUAGES[language].extensions[0]}"
    if kind == "program":
        return HostileTask(limits, None, None, language, file)
    if kind == "multipl_e":
        translated = multipl_e.LANGUAGES[language]
        hardened = replace(translated.hardened(row), limits=limits)
        official = replace(translated.official(row), limits=limits)
        return HostileTask(limits, hardened, official, language, file, translated.closing)
    if kind == "harness":
        hardened = HARNESSES[language](row["declaration"], row["tests"], limits, row.get("preamble", ""))
        joined = row.get("official", "$candidate\n$tests").replace("$tests", row["tests"])
        text = joined.replace("$candidate", CANDIDATE)
        official = ProgramCheck(language, ((file, text),), _rule(row.get("rule", {})), limits=limits)
        return HostileTask(limits, hardened, official, language, file)
    if kind == "stub":
        tests = f"{row['tests']}\ncheck({entry_point})\n"
        context = row["prompt"] + "    raise NotImplementedError\n"
        return HostileTask(limits, StubCheck(context, tests, (entry_point,), limits), ScriptCheck(tests, limits))
    if kind == "in_process_unittest":
        check = InProcessCheck(unittest_source=row["tests"], expected_tests=row["expected_tests"], limits=limits)
        return HostileTask(limits, check, None)
    if kind == "differential":
        inputs = {"base": Inputs.of(row["inputs"])}
        outside, inside = (
            DifferentialCheck(entry_point, row["reference"], inputs, official=official, limits=limits)
            for official in (False, True)
        )
        return HostileTask(limits, outside, inside)
    raise ValueError(f"there is no kind of task {kind!r}")


def _rule(given: dict[str, Any]) -> PassRule:
    words = {name: tuple(value) for name, value in given.items() if name.endswith("_lacks")}
    return PassRule(**(given | words))


def load_programs(
    only: Collection[str] = (), languages: Collection[str] = (), folder: Path | None = None
) -> list[HostileProgram]:
    """The programs in order of their numbers.

    only: numbers ("13" or "13c") or names, all if empty. languages: likewise names of languages, of which some have no
    program. Raises AssayError for a damaged header, a number that no program has, or an unknown language.
    """
    place = folder or corpus_folder()
    paths = [path for path in place.glob("*/*") if path.parent.name in LANGUAGES and path.is_file()]
    programs = [_read(path) for path in sorted(paths, key=lambda path: path.name)]
    if not programs:
        raise AssayError(f"There are no hostile programs in {place}.")
    if languages:
        if strange := set(languages) - set(LANGUAGES):
            raise AssayError(
                f"There is no hostile program in {', '.join(sorted(strange))}, and no such language. "
                f"Known: {', '.join(LANGUAGES)}."
            )
        programs = [one for one in programs if one.language in languages]
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
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            match = _HEADER.fullmatch(line)
            if match is not None:
                said[match[1]] = match[2].strip()
            elif said or not line.startswith(_OPENING):
                break
    task = said.get("task", "")
    whole = "status" in said
    expected = tuple(said.get("status" if whole else "verdict", "").split(" | "))
    known = {*Status, VerdictKind.compile_error} if whole else set(VerdictKind)
    if not task or "why" not in said or not set(expected) <= {each.value for each in known}:
        raise AssayError(
            f"The header of the hostile program {path} is damaged: it needs a task, a right verdict and why."
        )
    return HostileProgram(
        name=path.name.removesuffix(".gen.py").rpartition(".")[0] or path.name.removesuffix(".gen.py"),
        path=path,
        language=path.parent.name,
        task=task,
        expected=expected,
        official=said.get("official", ""),
        flags=tuple(said["flags"].split()) if "flags" in said else (),
        seeds=int(said.get("seeds", "1")),
        why=said["why"],
    )
