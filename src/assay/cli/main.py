"""The `assay` command: finds the sub-command, runs it, and turns errors into sentences and exit statuses."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from assay import __version__
from assay.errors import AssayError

# Modules of this package. Each has `register(subparsers)` and `run(args) -> exit status`, and is light to import.
COMMANDS = (
    "eval",
    "judge",
    "compare",
    "confidence",
    "report",
    "export",
    "exec",
    "doctor",
    "sandbox",
    "data",
    "tasks",
    "corpus",
    "tokenizer",
    "train",
    "rl",
    "demo",
    "sample",
    "gguf",
    "forge",
)

UNEXPECTED = 1
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    0 fine, 1 unexpected failure, 2 bad input or arguments, 3 finished but something needs a look, 130 interrupted;
    `assay exec` adds its own.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file name that is not UTF-8 must not end a command half-way through its table.
        sys.stdout.reconfigure(errors="backslashreplace")
    asked = [name for name in argv[:1] if name in COMMANDS]
    args = _parser(asked or COMMANDS).parse_args(argv, argparse.Namespace(argv=argv, crash_folder=None))
    earlier = _stop_like_ctrl_c()
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except AssayError as error:
        print(f"assay: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("assay: interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError as error:
        if not _reader_is_gone():
            return _unexpected(error, args.crash_folder)
        _mute()
        return UNEXPECTED
    except Exception as error:
        return _unexpected(error, args.crash_folder)
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _parser(names: Sequence[str]) -> argparse.ArgumentParser:
    """Knows these commands: the one that is asked for, so that what the others need is not imported, or all."""
    parser = argparse.ArgumentParser(prog="assay", description="Evaluate coding models: execution is the truth.")
    parser.add_argument("--version", action="version", version=f"assay {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in names:
        importlib.import_module(f"assay.cli.{name}").register(subparsers)
    return parser


def _stop_like_ctrl_c() -> dict[int, signal.Handlers]:
    """Let SIGTERM and a closed terminal unwind as Ctrl-C does, so that nothing is left behind; the old handlers."""
    earlier = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:
            earlier[number.value] = signal.SIG_DFL
            signal.signal(number, signal.default_int_handler)
    return earlier


def _reader_is_gone() -> bool:
    """True when stdout or stderr is a pipe whose other end was closed, as by `| head`."""
    poll = select.poll()
    for stream in (1, 2):
        poll.register(stream, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _mute() -> None:
    """Send what is still buffered for stdout nowhere, or the interpreter complains at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _unexpected(error: Exception, folder: Path | None) -> int:
    """One sentence on stderr; the stack trace goes to a file in `folder` or the temporary folder."""
    what = f"assay: unexpected {type(error).__name__}: {str(error)[:300] or 'no message'}."
    text = f"assay {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{traceback.format_exc()}"
    try:
        path = (folder or Path(tempfile.gettempdir())) / time.strftime(f"crash-%Y%m%d-%H%M%S-{os.getpid()}.txt")
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        print(f"{what} This is a bug in assay; please report it with {path}.", file=sys.stderr)
    except OSError:
        print(f"{what} This is a bug in assay; please report it with this:\n{text}", file=sys.stderr)
    if isinstance(error, OSError):
        _mute()
    return UNEXPECTED


if __name__ == "__main__":
    sys.exit(main())
