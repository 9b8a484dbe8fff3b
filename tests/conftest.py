"""What all tests need."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

# Side by side each process computes with one thread: threads that wait for each other keep their cores busy, and tests
# of training took twice as long.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shell that starts something in the background has it ignore Ctrl-C, and every process below inherits that: tests of
# Ctrl-C could only fail then. A handler is not inherited, so what tests start can be interrupted again.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m alone`, files that have no such test are not read: what all of them import takes 10 CPU seconds."""
    if config.option.markexpr != "alone":
        return None
    files = [collection_path] if collection_path.is_file() else collection_path.rglob("test_*.py")
    return None if any("mark.alone" in file.read_text() for file in files) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With $ASSAY_SLOW, which asks for what takes long, no test is ended for it."""
    if os.environ.get("ASSAY_SLOW"):
        for item in items:
            item.add_marker(pytest.mark.timeout(0))


@pytest.fixture(autouse=True, scope="session")
def prepared_once() -> None:
    """What is made once per machine is that of the user who runs the tests, whatever $ASSAY_CACHE a test sets.

    A process decides only once where it lies: in a folder of its first test, each worker built Go's library, crates and
    C++'s headers again, 30 CPU seconds. They are named by what they are made of, so a change of that is tested still.
    """
    from assay.sandbox.toolchain import prepared_dir

    prepared_dir()
