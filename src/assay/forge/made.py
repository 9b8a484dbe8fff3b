"""What became of a candidate: `Made`, and `Row`, the form in which it travels between processes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b

from assay.forge.ir import Program
from assay.forge.task import ForgeTask


@dataclass(frozen=True, slots=True)
class Row:
    """gate: where it fell, "" for a task. words, program: hashes of the specification without examples and of the code.
    line: its JSON line. Empty if it fell."""

    number: int
    depth: int
    gate: str
    split: str = ""
    behaviour: str = ""
    words: bytes = b""
    program: bytes = b""
    line: bytes = b""


@dataclass(frozen=True)
class Made:
    """A task with its program, or the gate at which candidate `number` fell."""

    number: int
    depth: int
    gate: str
    task: ForgeTask | None = None
    program: Program | None = None

    def as_row(self, with_line: bool = True) -> Row:
        """What decides whether it is kept, and its line."""
        task = self.task
        if task is None:
            return Row(self.number, self.depth, self.gate)
        words = _digest(task.docstring.partition("\n>>>")[0])
        program = _digest(task.helpers + task.body)
        line = b""
        if with_line:
            line = json.dumps(task.as_json(), separators=(",", ":")).encode() + b"\n"
        return Row(self.number, self.depth, "", task.split, task.behaviour, words, program, line)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=10).digest()
