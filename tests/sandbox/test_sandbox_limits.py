"""Each limit ends the program that hits it, says so, and leaves the next program untouched."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import pytest

from assay.sandbox.program import MIB, Limits, Status
from assay.sandbox.sandbox import Sandbox
from jailed import SMALL, python


def test_cpu_time_of_a_loop_ends_at_the_limit(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("while True: pass"), replace(SMALL, cpu_s=0.5))
    assert outcome.status is Status.time_limit_cpu
    assert outcome.exit_code is None
    assert 0.4 <= outcome.cpu_s <= 0.9


def test_cpu_time_of_all_processes_counts_together(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("import os\nfor _ in range(3): os.fork()\nwhile True: pass"), replace(SMALL, cpu_s=1))
    assert outcome.status is Status.time_limit_cpu
    assert outcome.cpu_s < 4


def test_cpu_time_of_processes_that_a_thread_started_counts_too(sandbox: Sandbox) -> None:
    source = """
        import os, threading, time
        def start():
            for _ in range(3):
                if os.fork() == 0:
                    while True: pass
            time.sleep(1000)
        threading.Thread(target=start).start()
    """
    assert sandbox.run(python(source), replace(SMALL, cpu_s=1)).status is Status.time_limit_cpu


def test_a_loop_in_c_ends_at_the_limit(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("sum(range(10**13))"), replace(SMALL, cpu_s=0.5))
    assert outcome.status is Status.time_limit_cpu
    assert outcome.cpu_s < 1


def test_wall_time_ends_a_program_that_uses_a_little_cpu_now_and_then(sandbox: Sandbox) -> None:
    source = "import time\nwhile True:\n    time.sleep(0.05)\n    sum(range(100000))"
    outcome = sandbox.run(python(source), replace(SMALL, cpu_s=3, wall_s=1.5))
    assert outcome.status is Status.time_limit_wall
    assert 1.4 <= outcome.wall_s < 15


def test_a_sleeper_is_found_idle_long_before_the_wall_limit(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("import time; time.sleep(1e6)"), replace(SMALL, cpu_s=0.5, wall_s=60))
    assert outcome.status is Status.time_limit_idle
    assert outcome.wall_s < 30


def test_a_nap_within_the_limits_is_no_offence(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("import time; time.sleep(0.7); print('awake')"), SMALL)
    assert (outcome.status, outcome.stdout) == (Status.exited, b"awake\n")


@pytest.mark.parametrize(
    "source",
    ["bytearray(64 << 30)", "x = []\nwhile True: x.append(bytearray(1 << 20))", "x = 'a'\nwhile True: x += x"],
)
def test_memory_beyond_the_limit(sandbox: Sandbox, source: str) -> None:
    outcome = sandbox.run(python(source), SMALL)
    assert outcome.status is Status.memory_limit
    assert outcome.peak_bytes < SMALL.memory_bytes + 64 * MIB


def test_memory_below_the_limit_is_measured(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("x = bytearray(100 << 20); print(len(x))"), SMALL)
    assert outcome.status is Status.exited
    assert 100 * MIB <= outcome.peak_bytes <= 160 * MIB


def test_output_beyond_the_limit_ends_the_program_quickly(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("while True: print('x' * 1000)"), SMALL)
    assert outcome.status is Status.output_limit
    assert len(outcome.stdout) == SMALL.kept_bytes
    assert outcome.truncated
    assert outcome.cpu_s < 3


def test_both_streams_count_as_output(sandbox: Sandbox) -> None:
    source = "import sys\nfor _ in range(700): sys.stdout.write('x' * 1000); sys.stderr.write('y' * 1000)"
    assert sandbox.run(python(source), SMALL).status is Status.output_limit


def test_output_below_the_limit_is_kept_up_to_a_bound(sandbox: Sandbox) -> None:
    outcome = sandbox.run(python("print('x' * 500_000)"), replace(SMALL, kept_bytes=10))
    assert (outcome.status, outcome.stdout, outcome.truncated) == (Status.exited, b"x" * 10, True)


def test_memory_of_the_host_stays_flat_while_a_program_prints_two_gigabytes(sandbox: Sandbox) -> None:
    sandbox.run(python("print('warm')"))
    before = _resident_bytes()
    outcome = sandbox.run(
        python("import os\nchunk = b'x' * (1 << 20)\nfor _ in range(2048): os.write(1, chunk)"),
        Limits(cpu_s=60, output_bytes=4 << 30),
    )
    assert outcome.status is Status.exited
    assert outcome.truncated
    assert _resident_bytes() - before < 8 * MIB


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize(
    "source",
    [
        "import os, time\nfor _ in range(200):\n    if os.fork() == 0: time.sleep(60)",
        "import threading\nstop = threading.Event()\nthreading.stack_size(65536)\n"
        "for _ in range(200): threading.Thread(target=stop.wait, daemon=True).start()",
    ],
    ids=["processes", "threads"],
)
def test_processes_and_threads_beyond_the_limit(sandbox: Sandbox, source: str) -> None:
    outcome = sandbox.run(python(source), SMALL)
    assert outcome.status is Status.process_limit


def test_after_a_fork_bomb_the_next_program_may_fork(sandbox: Sandbox) -> None:
    sandbox.run(python("import os\nwhile True: os.fork()"), SMALL)
    source = "import os\npids = [os.fork() or os._exit(0) for _ in range(8)]\n[os.wait() for _ in pids]\nprint('ok')"
    assert sandbox.run(python(source), SMALL).stdout == b"ok\n"


@pytest.mark.parametrize(
    "source",
    [
        "f = open('big', 'wb')\nwhile True: f.write(bytes(1 << 20))",
        "for n in range(100):\n    with open(f'part{n}', 'wb') as f: f.write(bytes(1 << 20))",
        "import os\nos.truncate(os.open('hole', os.O_CREAT | os.O_WRONLY), 1 << 40)",
        "for n in range(1000): open(f'file{n}', 'w').close()",
        "import os\nfor n in range(1000): os.mkdir(f'folder{n}')",
    ],
    ids=["one file", "many files", "a hole", "empty files", "folders"],
)
def test_disk_beyond_the_limit(sandbox: Sandbox, source: str) -> None:
    outcome = sandbox.run(python(source), SMALL)
    assert outcome.status is Status.disk_limit


def test_limits_must_make_sense() -> None:
    for name in ("cpu_s", "memory_bytes", "processes", "output_bytes", "file_bytes", "files"):
        with pytest.raises(ValueError, match=name):
            Limits(**{name: 0})
    with pytest.raises(ValueError, match="wall_s"):
        Limits(wall_s=0)
    with pytest.raises(ValueError, match="kept_bytes"):
        Limits(kept_bytes=-1)


def test_limits_of_one_program_do_not_stay_for_the_next() -> None:
    with Sandbox(jobs=1) as sandbox:
        assert sandbox.run(python("bytearray(100 << 20)"), replace(SMALL, memory_bytes=64 * MIB)).status is (
            Status.memory_limit
        )
        assert sandbox.run(python("bytearray(400 << 20)"), Limits(memory_bytes=1024 * MIB)).status is Status.exited
        outcome = sandbox.run(python("while True: pass"), replace(SMALL, cpu_s=0.3))
        assert outcome.status is Status.time_limit_cpu
        assert outcome.cpu_s < 1
