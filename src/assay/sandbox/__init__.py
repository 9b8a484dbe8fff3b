"""Untrusted programs in, outcomes out. Knows nothing of tasks, models or verdicts.

>>> from assay.sandbox import Sandbox, Program
>>> with Sandbox() as sandbox:  # doctest: +SKIP
...     outcome = sandbox.run(Program("python", {"hello.py": b"print('hello')"}, "hello.py"))
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.sandbox.program import Isolation, Limits, Outcome, Program, Status
    from assay.sandbox.sandbox import Sandbox
    from assay.sandbox.warm import SandboxUnavailable

_WHERE = {
    "Isolation": "program",
    "Limits": "program",
    "Outcome": "program",
    "Program": "program",
    "Status": "program",
    "Sandbox": "sandbox",
    "SandboxUnavailable": "warm",
}
__all__ = ["Isolation", "Limits", "Outcome", "Program", "Sandbox", "SandboxUnavailable", "Status"]


def __getattr__(name: str) -> Any:
    # Loaded on demand: the warm interpreter imports parts of this package, and its every module makes each fork dearer.
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
