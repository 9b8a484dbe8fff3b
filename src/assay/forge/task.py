"""The records the forge makes, and their form on disk: one JSON object a line, with a schema version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SCHEMA = 1
SPLITS = ("train", "test")


@dataclass(frozen=True)
class Case:
    """One call. arguments and expected: plain values (int, bool, str, lists and dicts of them)."""

    arguments: tuple[Any, ...]
    expected: Any


@dataclass(frozen=True)
class Bug:
    """A faulty body that at least one kept-back test tells from the reference.

    kind: "operator", "constant", "off_by_one" or "dropped_step"; "written" where a model wrote it. line: of `body`,
    from 1, where the fault is; 0 where no single line is it (only of those that models wrote).
    killed_by: number in `ForgeTask.tests` of the first test it fails. failure: how, in one line
    ("returned 3", "raised IndexError", "ran out of time").
    """

    body: str
    kind: str
    line: int
    killed_by: int
    failure: str


@dataclass(frozen=True)
class Step:
    """One event of a trace. line: of `ForgeTask.body`, from 1; changed: name -> value as Python writes it."""

    line: int
    changed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ForgeTask:
    """One generated task whose tests were made by running its reference.

    task_id: "forge/SEED/NUMBER". depth: how many operations are composed, 1 to 6. operations: their names in order.
    signature: the `def` line in Python. docstring: specification with examples, the lines between the quotes without
    indentation. helpers: Python source that stands before the function ("" if none). body: the reference in Python,
    indented by four spaces, without the docstring.
    examples: the cases shown in the docstring. tests: kept back, they grade. audit: kept back from training too, more
    of them, to find out how many graded programs are really wrong.
    bugs, trace, summary: material for training. trace_case: number in `tests` of the call that was traced.
    references: language -> whole program (function only) with the same behaviour. faults: language -> bugs of its
    reference; their bodies are what stands behind the function's head, to the end of the program.
    split: "train" or "test"; held_out: why it is a test task ("sequence", "pair", "depth"), "" for training tasks.
    behaviour: hash of the outputs on the standard inputs of its types; equal behaviour, equal hash.
    """

    task_id: str
    depth: int
    operations: tuple[str, ...]
    entry_point: str
    signature: str
    docstring: str
    body: str
    tests: tuple[Case, ...]
    examples: tuple[Case, ...] = ()
    audit: tuple[Case, ...] = ()
    helpers: str = ""
    bugs: tuple[Bug, ...] = ()
    trace: tuple[Step, ...] = ()
    trace_case: int = 0
    summary: str = ""
    references: Mapping[str, str] = field(default_factory=dict, hash=False)
    faults: Mapping[str, tuple[Bug, ...]] = field(default_factory=dict, hash=False)
    split: str = "train"
    held_out: str = ""
    behaviour: str = ""

    @property
    def prompt(self) -> str:
        """What a model continues with the body: helpers, signature and docstring."""
        quoted = "".join(f"    {line}".rstrip() + "\n" for line in self.docstring.splitlines())
        return f'{self.helpers}{self.signature}\n    """{quoted.lstrip().rstrip()}\n    """\n'

    @property
    def program(self) -> str:
        """The whole reference in Python."""
        return self.prompt + self.body

    def as_json(self) -> dict[str, Any]:
        """The object on its line; fields that are empty are left out."""
        row: dict[str, Any] = {"schema": SCHEMA}
        for name, value in vars(self).items():
            if name in ("tests", "examples", "audit"):
                value = [[list(case.arguments), case.expected] for case in value]
            elif name == "bugs":
                value = [vars(bug) for bug in value]
            elif name == "trace":
                value = [[step.line, dict(step.changed)] for step in value]
            elif name in ("operations",):
                value = list(value)
            elif name == "references":
                value = dict(value)
            elif name == "faults":
                value = {language: [vars(bug) for bug in bugs] for language, bugs in value.items()}
            if value not in ("", [], {}) or name in ("tests", "body"):
                row[name] = value
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> ForgeTask:
        """Read a row. Raises ValueError for another schema, KeyError and TypeError for a row that is none."""
        if row.get("schema") != SCHEMA:
            raise ValueError(f"schema {row.get('schema')!r} is not {SCHEMA}")
        values = {name: value for name, value in row.items() if name != "schema"}
        for name in ("tests", "examples", "audit"):
            values[name] = tuple(Case(tuple(arguments), expected) for arguments, expected in values.get(name, ()))
        values["bugs"] = tuple(Bug(**bug) for bug in values.get("bugs", ()))
        values["trace"] = tuple(Step(line, tuple(changed.items())) for line, changed in values.get("trace", ()))
        values["faults"] = {
            language: tuple(Bug(**bug) for bug in bugs) for language, bugs in values.get("faults", {}).items()
        }
        values["operations"] = tuple(values["operations"])
        return cls(**values)
