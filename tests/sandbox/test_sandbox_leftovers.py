"""When the process that uses the sandbox is killed, nothing of it stays."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from assay.sandbox import cgroup
from assay.sandbox.warm import Level, Zygote
from jailed import alive, eventually, groups_of, mounts, processes_below, scratch_of

USER = """
import sys
from assay.sandbox import warm
from assay.sandbox.sandbox import Sandbox
from assay.sandbox.program import Limits, Program

if sys.argv[1] != "best":
    warm.LEVELS = tuple(level for level in warm.LEVELS if level.name == sys.argv[1])
source = b'''
import os, time
if os.fork() == 0:
    os.setsid()
    os.fork()
while True: time.sleep(0.01)
'''
with Sandbox(jobs=2) as sandbox:
    print("ready", flush=True)
    # At the level landlock the kernel counts all processes of the user, those of tests beside this one too.
    limits = Limits(cpu_s=300, wall_s=300, processes=2000)
    list(sandbox.map([Program("python", {"a.py": source}, "a.py")] * 2, limits))
"""


@pytest.mark.parametrize("level", ["best", "landlock"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_nothing_stays_when_its_user_is_ended(number: signal.Signals, level: str) -> None:
    mounted = mounts()
    user = subprocess.Popen([sys.executable, "-c", USER, level], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    below: list[int] = []
    try:
        assert user.stdout is not None
        if user.stdout.readline() != b"ready\n":
            pytest.skip(f"this machine does not permit the level {level}")
        assert eventually(lambda: len(processes_below(user.pid)) >= 6)
        time.sleep(0.3)
        below = processes_below(user.pid)
        user.send_signal(number)
        try:
            user.wait(15)
        except subprocess.TimeoutExpired:
            pytest.fail(f"it did not end within 15 seconds of {number.name}")
        assert eventually(lambda: not any(alive(pid) for pid in below)), [pid for pid in below if alive(pid)]
    finally:
        user.kill()
        user.communicate()
        for pid in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    cgroup.remove_leftovers()  # what the next run does first
    assert eventually(lambda: groups_of(user.pid) == [])
    assert mounts() == mounted
    if level == "landlock":
        Zygote(Level("landlock")).close()  # a start removes what killed ones have left
        assert scratch_of(user.pid) == []


def test_a_descendant_s_groups_are_ours_to_remove_only_when_it_is_gone() -> None:
    group = cgroup.create()
    if group is None:
        pytest.skip("no cgroup is writable on this machine")
    try:
        cgroup.remove_leftovers()
        assert groups_of(os.getpid())
    finally:
        group.close()
