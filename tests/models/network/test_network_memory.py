"""What is freed stays with the process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_FAULTS = """
import ctypes, resource, sys
from assay.models.network.memory import keep_freed_memory
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # PR_SET_THP_DISABLE: a huge page would be one fault
if sys.argv[1] == "kept":
    keep_freed_memory()

def step():
    blocks = [bytearray(24 << 20) for _ in range(4)]  # zeroed, so every page is written
    for block in blocks:
        block[:: 4096] = b"x" * len(block[:: 4096])

step()
pages = 4 * (24 << 20) // resource.getpagesize()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
step()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / pages)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")
def test_the_second_step_gets_the_pages_of_the_first() -> None:
    faults_a_page = {
        how: float(subprocess.run([sys.executable, "-c", _FAULTS, how], capture_output=True, check=True).stdout)
        for how in ("kept", "given back")
    }
    assert faults_a_page["given back"] > 0.8
    assert faults_a_page["kept"] < 0.05
