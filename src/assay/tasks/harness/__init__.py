"""Tests of other languages made so that the answer beside them cannot decide their outcome; one file per language.

Each file turns a benchmark's own tests into the files of a `HarnessCheck`: assertions become numbered calls of the
harness's own, which the answer cannot redefine, and a report is written only under the nonce. What all of them keep to:

- The nonce is read before the first line of the answer runs, and stdin is closed then.
- Every assertion in the text of the tests has a number. `expected_tests` is how many there are, and each must have been
  reached (in a loop: at least once) and have held every time.
- Assertions that must fail come last, made through the same comparisons as the tests. One that does not fail means
  that the answer has changed what equality means: `tampered`.
- A failed test is `tampered` rather than wrong where the answer has also replaced what tests are made of.
- Functions that the task itself gives (encoders whose decoder is asked for) are used by the tests from a copy of the
  harness's own, not from the answer's.

Tests and answer still share a process, so this is not the wall that outside tests are: `docs/divergences.md`.
"""

from collections.abc import Callable

from assay.judge.checks import HarnessCheck
from assay.sandbox.program import Limits
from assay.tasks.harness import cpp, go, java, javascript, rust

# language -> what makes a check of (declaration of the function that is asked for, tests in that language, limits, what
# is put before every answer)
HARNESSES: dict[str, Callable[[str, str, Limits, str], HarnessCheck]] = {
    "cpp": cpp.harness,
    "go": go.harness,
    "java": java.harness,
    "javascript": javascript.harness,
    "rust": rust.harness,
}

__all__ = ["HARNESSES"]
