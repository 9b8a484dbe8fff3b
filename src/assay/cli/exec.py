"""`assay exec`: run one file in the sandbox and say what happened."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.sandbox.program import Limits, Outcome, Program

TIME_LIMIT = 124
FAILED = 1

EPILOG = """\
exit status:
  the program's own, when it ended by itself
  128+N  it was ended by signal N
  124    it hit a time limit
  1      it hit another limit, made a forbidden system call, or the harness failed
  2      bad arguments, a file that cannot be read, or a machine that cannot isolate

The program gets an empty private folder, no network and no files of this machine but its interpreter. What it wrote
goes to stdout and stderr (the first megabyte of each), one line about how it ended to stderr.

examples:
  assay exec answer.py 3 4 --stdin input.txt
  assay exec script.sh --cpu 10 --memory 2048 --json
"""
KEPT_BYTES = 1 << 20


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "exec",
        usage="assay exec FILE [ARGS ...] [options]",
        help="run one file in the sandbox and say what happened",
        description="Run one untrusted file in the sandbox.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the program")
    parser.add_argument(
        "arguments", metavar="ARGS", nargs="*", help="its arguments; behind -- when they begin with a dash"
    )
    parser.add_argument("--language", metavar="NAME", help="python, bash, ... (default: by the file's name)")
    parser.add_argument("--stdin", metavar="F", type=Path, help="file it reads as its input (default: no input)")
    parser.add_argument("--cpu", metavar="S", type=_seconds, default=10.0, help="CPU seconds (default: 10)")
    parser.add_argument("--wall", metavar="S", type=_seconds, help="wall seconds (default: 5 x CPU + 5)")
    parser.add_argument("--memory", metavar="MIB", type=_mebibytes, default=1024, help="MiB (default: 1024)")
    parser.add_argument("--unsafe", action="store_true", help="run it even where it cannot be isolated")
    parser.add_argument("--json", action="store_true", help="print what happened as JSON, and nothing else")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the file and pass on what it wrote. Raises AssayError."""
    from assay.sandbox.sandbox import Sandbox

    program, limits = _program(args), _limits(args)
    with Sandbox(jobs=1, unsafe=args.unsafe) as sandbox:
        outcome = sandbox.run(program, limits)
    if args.json:
        print(json.dumps(as_json(outcome), indent=2))
    else:
        for stream, data in ((sys.stdout, outcome.stdout), (sys.stderr, outcome.stderr)):
            stream.flush()
            stream.buffer.write(data)
            stream.flush()
        print(f"assay: {describe(outcome)}", file=sys.stderr)
    return exit_status(outcome)


def exit_status(outcome: Outcome) -> int:
    """As the epilog says."""
    from assay.sandbox.program import Status

    if outcome.exit_code is not None:
        return outcome.exit_code
    if outcome.status is Status.signalled and outcome.signal is not None:
        return 128 + outcome.signal
    return TIME_LIMIT if outcome.status.value.startswith("time_limit") else FAILED


def describe(outcome: Outcome) -> str:
    """One line: how it ended, what it used, under which isolation."""
    ended = f"exited with status {outcome.exit_code}" if outcome.exit_code is not None else outcome.status.value
    if outcome.phase == "compile":
        ended = f"not run: the compiler {ended}"
    parts = [f"{ended} ({outcome.detail})" if outcome.detail else ended]
    parts.append(f"{outcome.cpu_s:.3f} CPU-s, {outcome.wall_s:.3f} s, {outcome.peak_bytes / (1 << 20):.1f} MiB")
    if outcome.truncated:
        parts.append(f"more output than the {KEPT_BYTES >> 20} MiB shown")
    return _printable("; ".join([*parts, f"isolation {outcome.isolation.level}"]))


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Everything that is known of it; bytes that are not UTF-8 are replaced."""
    return {
        "schema": 1,
        "phase": outcome.phase,
        "status": outcome.status.value,
        "exit_code": outcome.exit_code,
        "signal": outcome.signal,
        "stdout": outcome.stdout.decode(errors="replace"),
        "stderr": outcome.stderr.decode(errors="replace"),
        "truncated": outcome.truncated,
        "cpu_s": round(outcome.cpu_s, 6),
        "wall_s": round(outcome.wall_s, 6),
        "peak_bytes": outcome.peak_bytes,
        "lingering": outcome.lingering,
        "detail": outcome.detail,
        "isolation": outcome.isolation.as_json(),
    }


def _program(args: argparse.Namespace) -> Program:
    from assay.judge.source_name import NAMED_AFTER_A_CLASS, source_name
    from assay.sandbox.languages import LANGUAGES
    from assay.sandbox.program import Program

    language, text, name = _language(args), _read(args.file), args.file.name
    unnamed = LANGUAGES[language].compile is not None and not name.endswith(LANGUAGES[language].extensions)
    if language in NAMED_AFTER_A_CLASS or unnamed:  # compilers go by the name; people need not
        name = source_name(language, text.decode(errors="replace"))
    return Program(
        language,
        {name: text},
        name,
        tuple(args.arguments),
        _read(args.stdin) if args.stdin is not None else b"",
    )


def _language(args: argparse.Namespace) -> str:
    from assay.errors import AssayError
    from assay.sandbox.languages import LANGUAGES
    from assay.sandbox.toolchain import missing

    known = ", ".join(sorted(LANGUAGES))
    if args.language is not None:
        if args.language not in LANGUAGES:
            raise AssayError(f"There is no language {args.language!r}. Known: {known}.")
        name: str = args.language
    else:
        ending = args.file.suffix.lower()
        found = [each.name for each in LANGUAGES.values() if ending in each.extensions]
        if not found:
            raise AssayError(
                f"The language of {args.file} is not known from its name. Say it with --language; known: {known}."
            )
        name = found[0]
    lacking = missing(LANGUAGES[name])
    if lacking:
        raise AssayError(f"This machine has no {name} ({lacking}). Install it with: {LANGUAGES[name].install}")
    return name


def _read(path: Path) -> bytes:
    from assay.errors import AssayError

    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise AssayError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise AssayError(f"{path} is a folder, not a file.") from None
    except OSError as error:
        raise AssayError(f"{path} cannot be read: {error.strerror}.") from None


def _limits(args: argparse.Namespace) -> Limits:
    from assay.sandbox.program import MIB, Limits

    return Limits(cpu_s=args.cpu, wall_s=args.wall, memory_bytes=args.memory * MIB, kept_bytes=KEPT_BYTES)


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 86400:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 86400")
    return number


def _mebibytes(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1 << 20:
        raise argparse.ArgumentTypeError("must be at least 1 and at most 1048576")
    return number
