"""One spelling for a task, whatever a samples file calls it."""

from __future__ import annotations

import re


def canonical_task_id(prefix: str, raw: str | int) -> str:
    """The benchmark's own spelling of a task id: 7, "7", "MBPP/7" and "mbpp/7" are all "Mbpp/7".

    prefix: what stands before the number, as the benchmark spells it ("Mbpp/"); "" where ids are no numbers. Text of
    any other form is returned unchanged, so that whoever looks it up can report it as the user wrote it.
    """
    text = str(raw)
    if not prefix:
        return text
    found = re.fullmatch(rf"\s*(?:{re.escape(prefix)})?([0-9]{{1,9}})\s*", text, re.IGNORECASE)
    return f"{prefix}{int(found[1])}" if found else text
