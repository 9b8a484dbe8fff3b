"""What building and starting a small program costs in each language, in the jail: the table of docs/languages.md.

    python benchmarks/toolchains.py [--rounds 5] [--only go rust ...]

The program is each language's canary, which reads two numbers and prints their sum. Every round builds it with another
last line, so that nothing is found compiled. The first build is not counted and shown apart: what is made once per
machine (a precompiled header, Go's standard library) is made there, and warm compilers start.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from assay.sandbox import languages
from assay.sandbox.executable import Executable
from assay.sandbox.languages import LANGUAGES, Language
from assay.sandbox.program import MIB, Limits, Outcome, Program
from assay.sandbox.toolchain import missing
from assay.sandbox.warm import Zygote, open_zygote

_CANARIES = Path(languages.__file__).parent / "canaries"
_COMMENTS = {".py": "#", ".sh": "#", ".rb": "#", ".pl": "#", ".r": "#", ".jl": "#", ".lua": "--", ".rkt": ";"}
_LIMITS = Limits(cpu_s=30.0)


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=LANGUAGES, default=list(LANGUAGES), metavar="LANGUAGE")
    args = parser.parse_args()
    print(
        "| language | first build, CPU-ms | build, CPU-ms | run, CPU-ms | run, MiB |\n|---|---|---|---|---|", flush=True
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ASSAY_CACHE"] = folder
        for name in args.only:
            if missing(LANGUAGES[name]):
                print(f"| {name} | not installed | | | |")
            else:
                print(_row(LANGUAGES[name], args.rounds), flush=True)


def _row(language: Language, rounds: int) -> str:
    zygote = open_zygote()
    try:
        first, _ = _once(zygote, language, 0)
        pairs = [_once(zygote, language, number) for number in range(1, rounds + 1)]
    finally:
        zygote.close()
    build = statistics.median(build_cpu_s for build_cpu_s, _ in pairs) * 1000
    run = statistics.median(outcome.cpu_s for _, outcome in pairs) * 1000
    peak = max(outcome.peak_bytes for _, outcome in pairs) / MIB
    builds = f"{first * 1000:.0f} | {build:.0f}" if language.compile else "- | -"
    return f"| {language.name} | {builds} | {run:.0f} | {peak:.0f} |"


def _once(zygote: Zygote, language: Language, number: int) -> tuple[float, Outcome]:
    """(CPU seconds of the build, outcome of the run)."""
    comment = _COMMENTS.get(Path(language.canary).suffix, "//")
    source = (_CANARIES / language.canary).read_bytes() + f"\n{comment} {number}\n".encode()
    program = Program(language.name, {language.canary: source}, language.canary, stdin=b"add 20 22\n")
    executable = Executable(zygote, program, _LIMITS)
    outcome = executable.run(_LIMITS)
    if outcome.stdout != b"42\n":
        raise SystemExit(f"{language.name} does not work: {outcome}")
    return executable.build_cpu_s, outcome


if __name__ == "__main__":
    main()
