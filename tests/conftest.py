"""What all tests need."""

from __future__ import annotations

import signal

import pytest

# What their tests look at is made once, so all tests of such a file go to one worker.
_TOGETHER = ("test_hostile.py", "test_demo.py", "test_job.py")

# A shell that starts something in the background has it ignore Ctrl-C, and every process below inherits that: tests of
# Ctrl-C could only fail then. A handler is not inherited, so what tests start can be interrupted again.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "conformance" or item.path.name in _TOGETHER:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
