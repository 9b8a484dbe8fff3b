"""HumanEvalPack in Java: a class `Main` that throws an AssertionError decides."""

from __future__ import annotations

from assay.judge.checks import CANDIDATE, Check, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.harness import java
from assay.tasks.humanevalpack.language import Language, Row

LIMITS = Limits(cpu_s=10.0)


def without_main(row: Row, program: str) -> str:
    """Without the empty class that models put behind their answer."""
    return program.replace("public class Main {\n    }", "")


def checks(row: Row) -> dict[str, Check]:
    """Upstream's join; and the tests in a source of their own, each truth value of their list counted."""
    program = f"{CANDIDATE}\n\n{row['test']}"
    return {
        "official": ProgramCheck("java", (("Main.java", program),), limits=LIMITS),
        "hardened": java.harness(row["declaration"], row["test"], LIMITS),
    }


LANGUAGE = Language(
    name="java",
    title="Java",
    folder="java",
    sha256="a8d077d300bbdc2eda91e1a733deb2944678bce8fcc7eb272214626516768cc1",
    id_prefix="Java/",
    checks=checks,
    finish=without_main,
)
