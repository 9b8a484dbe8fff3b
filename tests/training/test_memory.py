"""What is freed stays with the process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_FAULTS = """
import ctypes, resource, sys
from assay.training.memory import keep_freed_memory
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # PR_SET_THP_DISABLE: a huge page would be one fault
if sys.argv[1] == "kept":
    keep_freed_memory()

def step():
    blocks = [bytearray(24 << 20) for _ in range(4)]  # zeroed, so every page is written
    for block in blocks:
        block[:: 4096] = b"x" * len(block[:: 4096])

step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")
def test_the_second_step_gets_the_pages_of_the_first() -> None:
    faults = {
        how: int(subprocess.run([sys.executable, "-c", _FAULTS, how], capture_output=True, check=True).stdout)
        for how in ("kept", "given back")
    }
    assert faults["given back"] > 20_000  # 96 MiB in pages of 4 KiB
    assert faults["kept"] < 1_000
