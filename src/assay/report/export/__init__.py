"""Runs in the formats of other harnesses and tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assay.errors import AssayError
from assay.evaluation.reading import Reading
from assay.report.export import bigcode, evalplus, inspect_log, junit

Writer = Callable[[Reading, str | None], str]

# Name -> (what makes the text, whether it needs the texts of the samples and so the benchmark's data).
FORMATS: dict[str, tuple[Writer, bool]] = {
    "evalplus": (evalplus.samples, True),
    "evalplus-results": (evalplus.results, True),
    "bigcode": (bigcode.generations, True),
    "inspect": (inspect_log.eval_log, True),
    "junit": (junit.report, False),
}


def export(reading: Reading, form: str, rule_set: str | None = None) -> str:
    """The run in a key of FORMATS, as text.

    rule_set: whose verdicts, where the format has room for one; None takes what fits it best.
    Raises AssayError when the run has no such verdicts, is not finished, or lacks texts that the format needs.
    """
    write, needs_texts = FORMATS[form]
    if rule_set is not None and rule_set not in reading.run.rule_sets:
        raise AssayError(
            f"The run in {reading.run.folder} has no {rule_set} verdicts, only {', '.join(reading.run.rule_sets)}. "
            "Choose others with --judge."
        )
    if not reading.finished or (needs_texts and reading.missing):
        raise AssayError(f"This run cannot be exported as {form}. {' '.join(reading.missing)}")
    return write(reading, rule_set)


def write_file(path: Path, text: str) -> None:
    """Write the text. Raises AssayError when the file cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AssayError(f"{path} cannot be written: {error.strerror or error}. Name another file.") from None
