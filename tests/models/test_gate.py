"""How many requests are let in at once, before and after a server asked for patience."""

from __future__ import annotations

import asyncio
import time

from assay.models.gate import Gate


async def let_in(gate: Gate, waiting: int = 20) -> int:
    """How many of so many requests get in while none of them ends."""
    inside = 0
    over = asyncio.Event()

    async def request() -> None:
        nonlocal inside
        async with gate:
            inside += 1
            await over.wait()

    tasks = [asyncio.create_task(request()) for _ in range(waiting)]
    for _ in range(200):
        await asyncio.sleep(0)
    seen = inside
    over.set()
    await asyncio.gather(*tasks)
    assert inside == waiting, "whoever waits gets in later"
    return seen


def test_as_many_as_allowed_are_let_in() -> None:
    assert asyncio.run(let_in(Gate(8))) == 8


def test_after_a_refusal_half_as_many_are_let_in_and_refusals_that_come_together_count_once() -> None:
    async def go() -> tuple[int, int]:
        gate = Gate(8)
        gate.refused(0.02)
        gate.refused(0.02)
        await asyncio.sleep(0.03)
        first = await let_in(gate)
        gate.refused(0.02)
        await asyncio.sleep(0.03)
        return first, await let_in(gate)

    assert asyncio.run(go()) == (4, 2)


def test_one_is_let_in_however_often_it_was_refused() -> None:
    async def go() -> int:
        gate = Gate(4)
        for _ in range(10):
            gate.refused(0.0)
        return await let_in(gate)

    assert asyncio.run(go()) == 1


def test_after_enough_answers_as_many_as_before_are_let_in() -> None:
    async def go() -> int:
        gate = Gate(8)
        gate.refused(0.0)
        for _ in range(50):
            gate.succeeded()
        return await let_in(gate)

    assert asyncio.run(go()) == 8


def test_nobody_is_let_in_before_the_time_the_server_asked_for() -> None:
    async def go() -> float:
        gate = Gate(8)
        gate.refused(0.3)
        began = time.monotonic()
        async with gate:
            return time.monotonic() - began

    assert asyncio.run(go()) >= 0.3
