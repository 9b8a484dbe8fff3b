"""MultiPL-E in TypeScript: the same tests as in JavaScript, and a type error fails."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, TOKEN, HarnessCheck, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.multipl_e import javascript
from assay.tasks.multipl_e.language import Language, Row

LIMITS = Limits(cpu_s=15.0)
_FLAGS = ("--target", "esnext")


def official(row: Row) -> ProgramCheck:
    files = (("x.ts", f"{CANDIDATE}\n{row['tests']}"),)
    return ProgramCheck("typescript", files, flags=(_FLAGS,), limits=LIMITS)


def published(row: Row) -> ProgramCheck:
    """Compiled for ES2015, and with the compiler's defaults where that fails."""
    files = (("x.ts", f"{CANDIDATE}\n{row['tests']}"),)
    flags = (("--target", "ES2015", "--lib", "ES2015,DOM"), ("--target", "ES5"))
    return ProgramCheck("typescript", files, flags=flags, limits=LIMITS.with_cpu_s(10.0))


def hardened(row: Row) -> HarnessCheck:
    """As in JavaScript; the calls of the tests are type-checked with the candidate."""
    cases = javascript.cases_of(row["tests"])
    unit = f"{javascript.unit(row['tests'], cases)}declare function give_{TOKEN}(calls: any): void;\n"
    files = (("harness.ts", f"// @ts-nocheck\n{javascript.harness(cases)}"), ("x.ts", unit))
    return HarnessCheck("typescript", files, len(cases), flags=_FLAGS, limits=LIMITS)


LANGUAGE = Language(
    name="typescript",
    suffix="ts",
    counts=(159, 390),
    sha256=(
        "a854a5a11150b5fe2d38a9862c412c5c770b2763715594a056b6763e7403464f",
        "45ff7e4ea21e1b51c95e70509cd89acbc7cdad27986a929a9bf98ec199626e22",
    ),
    official=official,
    hardened=hardened,
    published=published,
)
