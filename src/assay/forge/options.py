"""What tasks are wanted: `Options`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from assay.errors import AssayError

DEEPEST = 6
FEWEST = 40
LANGUAGES = ("python", "javascript", "cpp", "java", "go", "rust")


@dataclass(frozen=True)
class Options:
    """Everything that decides the tasks of a seed.

    depths: shallowest and deepest. operations: how many there are to choose from, those of the greatest weight; 0: all.
    solution_depth: references of deeper tasks are marked held_out "depth".
    repeats: how many training tasks may share one behaviour, in other words or another style. examples, tests, audit:
    cases of each kind. bugs: kept per task at most. traces: whether to trace. hints: types in the signature.
    brief: only operations that can be said in few words, one form of specification: for small models.
    longest_body, longest_value: characters, of the reference and of any value in a case as Python writes it.
    """

    depths: tuple[int, int] = (1, 5)
    languages: tuple[str, ...] = ("python",)
    operations: int = 0
    solution_depth: int = 3
    repeats: int = 8
    examples: int = 2
    tests: int = 8
    audit: int = 20
    bugs: int = 2
    traces: bool = True
    hints: bool = False
    brief: bool = False
    longest_body: int = 400
    longest_value: int = 120

    def __post_init__(self) -> None:
        """Raises AssayError for what cannot be."""
        low, high = self.depths
        if not 1 <= low <= high <= DEEPEST:
            raise AssayError(f"Depths {low}-{high}: give two numbers from 1 to {DEEPEST}, the smaller first.")
        for language in self.languages:
            if language not in LANGUAGES:
                raise AssayError(f"Language {language!r} is not one of {', '.join(LANGUAGES)}.")
        if self.operations and self.operations < FEWEST:
            raise AssayError(f"{self.operations} operations are too few to compose programs of; give {FEWEST} or more.")
        if self.examples < 0 or self.tests < 1 or self.audit < 0 or self.bugs < 0 or self.repeats < 1:
            raise AssayError("examples, audit and bugs must not be negative, tests and repeats at least 1.")

    @classmethod
    def small(cls, **others: Any) -> Options:
        """For models of a million parameters or so: few words, one example, short programs and values."""
        values: dict[str, Any] = {"brief": True, "examples": 1, "longest_body": 200, "longest_value": 60}
        return cls(**(values | others))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
