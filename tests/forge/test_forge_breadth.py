"""Fewer operations to choose from: the most usual ones, and nothing else."""

from __future__ import annotations

from random import Random

import pytest

from assay.errors import AssayError
from assay.forge.operations import all_operations
from assay.forge.options import Options
from assay.forge.plan import draw


def test_only_the_most_usual_operations_are_drawn() -> None:
    rng = Random(1)
    plans = [plan for _ in range(3000) if (plan := draw(rng, 3, 60)) is not None]
    drawn = {name for plan in plans for name in plan.names}
    assert 50 <= len(drawn) <= 60
    weights = sorted((operation.weight for operation in all_operations().values()), reverse=True)
    assert all(all_operations()[name].weight >= weights[59] for name in drawn)


def test_too_few_operations_are_refused() -> None:
    with pytest.raises(AssayError, match="39 operations are too few"):
        Options(operations=39)
