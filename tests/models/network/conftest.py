"""Without torch and transformers nothing here can run; the reason says how to get them."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

import pytest

for _name in ("torch", "transformers"):
    pytest.importorskip(_name, reason=f"{_name} is not installed; run: make test-models")

from assay.models.network.native import library  # noqa: E402  after the question above

_NEEDED = {"haswell": ("avx2", "fma"), "nehalem": ("sse4_2",)}  # vectors of 8 numbers, and of 4


@pytest.fixture(params=["native", "haswell", "nehalem"])
def compiled_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is in C is compiled for a CPU: this one, or an older one whose instructions it has too."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not installed; run: make toolchains")
    if request.param != "native":
        if platform.machine() != "x86_64" or not set(_NEEDED[request.param]) <= set(_flags()):
            pytest.skip(f"this CPU has not the instructions of {request.param}")
        flags = tuple("-march=" + request.param if flag == "-march=native" else flag for flag in library._FLAGS)
        monkeypatch.setattr(library, "_FLAGS", flags)
    compiled = library.load.__wrapped__()
    assert compiled is not None
    monkeypatch.setattr(library, "load", lambda: compiled)
    return str(request.param)


def _flags() -> list[str]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split() for line in lines if line.startswith("flags")), [])
