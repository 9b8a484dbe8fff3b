"""Many programs at once, as threads and as coroutines; and what happens when an interpreter dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from assay.sandbox.program import Limits, Outcome, Program, Status
from assay.sandbox.sandbox import Sandbox
from assay.sandbox.warm import Zygote, open_zygote
from jailed import SMALL, eventually, groups_of, processes_below, python


def a_mixture(count: int) -> list[Program]:
    """Programs that end in different ways, each saying its number."""
    kinds = (
        "print({n})",
        "import sys; print({n}); sys.exit({n} % 7)",
        "print({n}); 1 / 0",
        "import os; print({n}, flush=True); os.abort()",
        "print({n}, flush=True); bytearray(8 << 30)",
        "import os; print({n}, flush=True); os.fork(); os._exit(3)",
        "import sys; print({n}); sys.stderr.write('x' * 10000)",
    )
    return [python(kinds[n % len(kinds)].format(n=n)) for n in range(count)]


def essence(outcome: Outcome) -> tuple[object, ...]:
    return outcome.status, outcome.exit_code, outcome.signal, outcome.stdout, outcome.stderr[-60:]


def test_a_hundred_programs_at_once_end_as_they_do_one_after_the_other() -> None:
    programs = a_mixture(100)
    with Sandbox(jobs=2) as sandbox:
        serial = [essence(sandbox.run(program, SMALL)) for program in programs]
        with ThreadPoolExecutor(100) as threads:
            at_once = list(threads.map(lambda program: essence(sandbox.run(program, SMALL)), programs))
    assert at_once == serial
    assert {kind for kind, *_ in serial} == {Status.exited, Status.signalled, Status.memory_limit}


def test_map_gives_every_program_once_as_it_is_ready() -> None:
    programs = [python("import time; time.sleep(1.0)"), *a_mixture(20)]
    with Sandbox(jobs=2) as sandbox:
        seen = [program for program, _ in sandbox.map(iter(programs), SMALL)]
    assert sorted(map(id, seen)) == sorted(map(id, programs))
    assert seen.index(programs[0]) > 3


def test_map_takes_programs_only_as_it_needs_them() -> None:
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield python("print()")

    with Sandbox(jobs=2) as sandbox:
        results = sandbox.map(endless())
        for _ in range(5):
            next(results)
        assert taken <= 5 + 3
        results.close()


def test_an_endless_program_does_not_delay_the_others() -> None:
    programs = [python("while True: pass"), *(python("print()") for _ in range(20))]
    with Sandbox(jobs=2) as sandbox:
        results = sandbox.map(programs, replace(SMALL, cpu_s=3))
        for _ in range(20):
            _, outcome = next(results)
            assert outcome.status is Status.exited
        assert next(results)[1].status is Status.time_limit_cpu


def test_coroutines() -> None:
    async def both() -> tuple[list[Outcome], list[Outcome]]:
        with Sandbox(jobs=2) as sandbox:
            single = await asyncio.gather(*(sandbox.arun(program, SMALL) for program in a_mixture(8)))
            mapped = [outcome async for _, outcome in sandbox.amap(a_mixture(8), SMALL)]
        return list(single), mapped

    single, mapped = asyncio.run(both())
    assert sorted(map(str, map(essence, single))) == sorted(map(str, map(essence, mapped)))


def test_a_coroutine_does_not_block_the_others() -> None:
    async def ticks() -> int:
        count = 0
        with Sandbox(jobs=1) as sandbox:
            task = asyncio.create_task(sandbox.arun(python("import time; time.sleep(0.5)")))
            while not task.done():
                count += 1
                await asyncio.sleep(0.01)
        return count

    assert asyncio.run(ticks()) > 10


def test_a_killed_interpreter_is_replaced_and_the_program_run_again() -> None:
    with Sandbox(jobs=1) as sandbox:
        assert sandbox.run(python("print(1)")).stdout == b"1\n"
        for pid in processes_below(os.getpid()):
            with contextlib.suppress(ProcessLookupError):  # it died with the one that was killed before it
                os.kill(pid, signal.SIGKILL)
        assert sandbox.run(python("print(2)")).stdout == b"2\n"


def test_an_interpreter_killed_in_mid_run_costs_one_repetition() -> None:
    with Sandbox(jobs=1) as sandbox:
        sandbox.run(python("print()"))
        zygotes = processes_below(os.getpid())
        outcomes: list[Outcome] = []
        thread = threading.Thread(
            target=lambda: outcomes.append(sandbox.run(python("import time; time.sleep(1); print('ran')")))
        )
        thread.start()
        time.sleep(0.4)
        os.kill(zygotes[0], signal.SIGKILL)
        thread.join(20)
        assert outcomes
        assert (outcomes[0].status, outcomes[0].stdout) == (Status.exited, b"ran\n")


def test_an_interpreter_that_is_started_while_the_sandbox_is_given_up_runs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Sandbox(jobs=1) as sandbox:
        first = sandbox._free.get()
        assert first is not None
        first.close()
        sandbox._free.put(None)

        def late(hash_seed: int, unsafe: bool) -> Zygote:
            zygote = open_zygote(hash_seed, unsafe)
            sandbox.abort()
            return zygote

        monkeypatch.setattr("assay.sandbox.sandbox.open_zygote", late)
        outcome = sandbox.run(python("import time; time.sleep(60)"), Limits(cpu_s=100))
        assert (outcome.status, outcome.detail) == (Status.harness_error, "the sandbox was closed")


def test_closing_leaves_no_process_and_no_cgroup() -> None:
    before = set(processes_below(os.getpid()))
    with Sandbox(jobs=2) as sandbox:
        list(sandbox.map(a_mixture(6), SMALL))
        assert set(processes_below(os.getpid())) - before
    assert eventually(lambda: set(processes_below(os.getpid())) <= before)
    assert groups_of(os.getpid()) == []


def test_descriptors_do_not_pile_up() -> None:
    with Sandbox(jobs=1) as sandbox:
        sandbox.run(python("print()"))
        before = len(list(Path("/proc/self/fd").iterdir()))
        for program in a_mixture(21):
            sandbox.run(program, SMALL)
        assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_jail_that_cannot_be_set_up_is_the_harness_s_failure() -> None:
    with Sandbox(jobs=1) as sandbox:
        # more source than the private folder holds: the program never ran
        outcome = sandbox.run(python("#" * 100_000), Limits(file_bytes=4096))
        assert outcome.status is Status.harness_error
        assert sandbox.run(python("print(1)")).stdout == b"1\n"
