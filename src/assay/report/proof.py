"""Prints what `assay tasks check` found out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from assay.evaluation.proof import Proof
from assay.judge.verdict import Verdict

_MOST_SURVIVORS = 5


def print_proofs(proofs: Sequence[Proof]) -> None:
    """A table with a line for each task, then the sentences about those that need a look."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("task", "language", "reference", "empty answer", "faults found", "stable", ""):
        table.add_column(heading, overflow="fold")
    for proof in proofs:
        table.add_row(
            proof.task_id,
            proof.language,
            _kinds(proof.reference),
            _kinds(proof.empty),
            f"{proof.killed} of {proof.mutants}",
            "yes" if proof.stable else "no",
            "proven" if proof.proven else "NOT PROVEN",
        )
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 160).print(table)
    for proof in proofs:
        for problem in proof.problems:
            print(f"{proof.task_id}: {problem}.")
        for warning in proof.warnings:
            print(f"{proof.task_id}: note: {warning}.")
        if proof.proven and proof.survivors:
            more = (
                f" and {len(proof.survivors) - _MOST_SURVIVORS} more" if len(proof.survivors) > _MOST_SURVIVORS else ""
            )
            print(f"{proof.task_id}: note: these faults pass: {'; '.join(proof.survivors[:_MOST_SURVIVORS])}{more}.")
    proven = sum(proof.proven for proof in proofs)
    print(f"{proven} of {len(proofs)} tasks are proven.")


def _kinds(verdicts: dict[str, Verdict]) -> str:
    return " / ".join(dict.fromkeys(verdict.kind.value for verdict in verdicts.values()))
