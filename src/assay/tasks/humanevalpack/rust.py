"""HumanEvalPack in Rust: a test module built as `cargo test` builds it decides."""

from __future__ import annotations

import functools
from pathlib import Path

from assay.judge.checks import CANDIDATE, Check, ProgramCheck
from assay.sandbox.program import Limits
from assay.tasks.harness import rust
from assay.tasks.humanevalpack.language import Language, Row

# Upstream's 300 s are for its first build of all crates.
LIMITS = Limits(cpu_s=20.0)
MAIN = "fn main(){}\n"
_CRATES = ("--extern", "regex", "--extern", "md5")


@functools.cache
def _rand() -> str:
    """What the tests use of the crate rand, as a module: upstream has version 0.4, and today's calls look otherwise."""
    return Path(__file__).with_name("rand.rs").read_text(encoding="utf-8")


def declaration(row: Row) -> str:
    """Upstream begins a program that is shown without its docstring so."""
    return f"{MAIN}{row['declaration']}"


def with_declaration(row: Row, program: str) -> str:
    """As upstream: an empty `main`, and the lines of the declaration that an answer lacks; cut at a second `main`."""
    lacking = [] if "fn main()" in program else [MAIN.strip()]
    for line in map(str.strip, row["declaration"].split("\n")):
        is_there = line in program or (line.startswith("fn") and line.split("(")[0] in program)
        if not is_there:
            lacking.append(line)
    return "".join(f"{line}\n" for line in lacking) + "fn main()".join(program.split("fn main()")[:2])


def checks(row: Row) -> dict[str, Check]:
    """Upstream's join, as one program of tests; and the same assertions counted, the answer in a module of its own."""
    program = f"{CANDIDATE}\n\n{row['test']}\nmod rand;\n"
    files = (("test.rs", program), ("rand.rs", _rand()))
    return {
        "official": ProgramCheck("rust", files, flags=(("--test", *_CRATES),), limits=LIMITS),
        "hardened": rust.harness(row["declaration"], row["test"], LIMITS, flags=_CRATES, modules={"rand": _rand()}),
    }


LANGUAGE = Language(
    name="rust",
    title="Rust",
    folder="rust",
    sha256="01ece28eaf490d7af037ce53095083dacfd38022cf5b82662ccb78024dc269a1",
    id_prefix="Rust/",
    checks=checks,
    declaration=declaration,
    finish=with_declaration,
)
