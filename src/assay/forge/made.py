"""What became of a candidate: `Made`, and `Row`, the form in which it travels between processes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b

from assay.forge.ir import Program
from assay.forge.task import ForgeTask


@dataclass(frozen=True, slots=True)
class Row:
    """gate: where it fell, "" for a task. text: hash of its words and code. line: its JSON line. Empty if it fell."""

    number: int
    depth: int
    gate: str
    split: str = ""
    behaviour: str = ""
    text: bytes = b""
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
        text = blake2b(f"{task.docstring}\0{task.body}".encode(), digest_size=12).digest()
        line = b""
        if with_line:
            line = json.dumps(task.as_json(), separators=(",", ":")).encode() + b"\n"
        return Row(self.number, self.depth, "", task.split, task.behaviour, text, line)
