"""A crew of workers on the machines of a Ray cluster: work goes out in small batches, each result comes back once.

A worker that dies, with its machine or alone, takes along only what it had not sent back yet; that goes to others.
Needs Ray (the extra assay[ray]); every machine needs Assay, and isolates by itself.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from assay.errors import AssayError
from assay.sandbox.program import Isolation

_ATTEMPTS = 3
_LARGEST_BATCH = 16
_BATCH_S = 0.5  # what a batch should take: long enough to be worth sending, short enough to lose little
_AHEAD = 2  # batches a worker has at once, so that it never waits for the next
_MOST_LOSSES = 20
_PATIENCE_S = 120.0  # for the first worker to be ready
_NAP_S = 0.05


class Worker(Protocol):
    """What runs in a worker's process."""

    @property
    def isolation(self) -> Isolation: ...

    def work(self, batch: list[Any]) -> Iterator[tuple[int, Any]]:
        """(place in the batch, result), as they are ready, each place once."""

    def close(self) -> None: ...


@dataclass
class Lost:
    """In place of a result: every worker that had this died. why: the last death, in words."""

    why: str


@dataclass
class _Task:
    """number: in the order in which work was given. attempts: workers that had it and died."""

    number: int
    payload: Any
    attempts: int = 0


@dataclass
class _Batch:
    """What one call of a worker holds. open: place -> task that has no result yet."""

    worker: _Member
    open: dict[int, _Task]
    began: float
    size: int


@dataclass(eq=False)
class _Member:
    actor: Any
    batches: int = 0
    mean_s: float = 0.1  # of one task
    batch_size: int = 1


class _Actor:
    """The process of a worker. Made remote below, where Ray is imported."""

    def __init__(self, make: Callable[[], Worker]) -> None:
        self._worker = make()

    def greet(self) -> tuple[Isolation, int, str]:
        return self._worker.isolation, os.getpid(), os.uname().nodename

    def work(self, batch: list[Any]) -> Iterator[tuple[int, Any]]:
        yield from self._worker.work(batch)

    def close(self) -> None:
        self._worker.close()


class Crew:
    """Workers, one per core of the cluster. Use as a context manager; leaving it ends them.

    make: makes a worker in its process. address: of the cluster ("auto", "HOST:PORT", "ray://HOST:10001"), or "local"
    for one on this machine that ends with this process. workers: how many, by default as the cluster has free cores.
    """

    def __init__(self, make: Callable[[], Worker], address: str = "auto", workers: int | None = None) -> None:
        """Raises AssayError where Ray is missing, the cluster is not reached, or no worker starts."""
        self._ray = _ray()
        self._started_here = _connect(self._ray, address)
        self._make = make
        self._remote = self._ray.remote(num_cpus=1, max_restarts=0, max_concurrency=1)(_Actor)
        free = int(self._ray.available_resources().get("CPU", 0))
        self.workers = workers or max(1, free)
        self._members = [self._hire() for _ in range(self.workers)]
        self._losses = 0  # in a row
        self.sent_again = 0  # tasks whose worker died before it gave their result
        try:
            self.isolation = self._weakest_isolation()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, and the cluster if it was started here."""
        for member in self._members:
            try:
                self._ray.get(member.actor.close.remote(), timeout=5)
            except self._ray.exceptions.RayError:  # it is gone, or busy; then it is ended as it is
                pass
            self._ray.kill(member.actor)
        self._members = []
        if self._started_here:
            self._ray.shutdown()

    def processes(self) -> list[int]:
        """The process ids of the workers, each on its own machine."""
        return [pid for _, pid, _ in self._ray.get([member.actor.greet.remote() for member in self._members])]

    def map(self, payloads: Iterable[Any | None]) -> Iterator[tuple[int, Any]]:
        """(number of the payload, result or Lost) for each, once, as they are ready.

        payloads: taken as they are needed, and numbered from 0; None stands for "nothing yet", has no number, and more
        is asked for a little later.
        Raises AssayError when workers keep dying without a result, or none is left.
        """
        waiting = iter(payloads)
        again: deque[_Task] = deque()
        running: dict[Any, _Batch] = {}
        number, exhausted = 0, False
        while True:
            hungry = False
            for member in self._members:
                while member.batches < _AHEAD and not hungry:
                    tasks, exhausted, hungry, number = self._take(member, again, waiting, number, exhausted)
                    if not tasks:
                        break
                    self._send(member, tasks, running)
            if not running:
                if exhausted and not again:
                    return
                time.sleep(_NAP_S)
                continue
            ready, _ = self._ray.wait(list(running), num_returns=1, timeout=_NAP_S if hungry else 5.0)
            if ready and len(running) > 1:
                ready, _ = self._ray.wait(list(running), num_returns=len(running), timeout=0)
            for stream in ready:
                if stream in running:  # else its worker died with the one before
                    yield from self._read(stream, running, again)

    # -- out and in --------------------------------------------------------------------------------------------------

    def _take(
        self, member: _Member, again: deque[_Task], waiting: Iterator[Any | None], number: int, exhausted: bool
    ) -> tuple[list[_Task], bool, bool, int]:
        """(tasks for a batch, whether nothing more comes, whether something may come later, the next number)."""
        tasks: list[_Task] = []
        hungry = False
        while len(tasks) < member.batch_size:
            if again:
                if tasks and again[0].attempts:
                    break  # what was lost before goes alone: it may be what ends its worker
                tasks.append(again.popleft())
                if tasks[-1].attempts:
                    break
                continue
            if exhausted:
                break
            try:
                payload = next(waiting)
            except StopIteration:
                exhausted = True
                break
            if payload is None:
                hungry = True
                break
            tasks.append(_Task(number, payload))
            number += 1
        return tasks, exhausted, hungry, number

    def _send(self, member: _Member, tasks: list[_Task], running: dict[Any, _Batch]) -> None:
        stream = member.actor.work.options(num_returns="streaming").remote([task.payload for task in tasks])
        running[stream] = _Batch(member, dict(enumerate(tasks)), time.monotonic(), len(tasks))
        member.batches += 1

    def _read(self, stream: Any, running: dict[Any, _Batch], again: deque[_Task]) -> Iterator[tuple[int, Any]]:
        """What a batch has ready: one result, its end, or the death of its worker."""
        batch = running[stream]
        try:
            place, result = self._ray.get(next(stream))
        except StopIteration:
            del running[stream]
            batch.worker.batches -= 1
            self._learn(batch)
            for task in batch.open.values():  # a worker that leaves something out has failed at it
                yield from self._lost(task, "the worker gave no result", again)
            return
        except self._ray.exceptions.RayError as error:
            yield from self._bury(batch.worker, error, running, again)
            return
        self._losses = 0
        if place in batch.open:
            yield batch.open.pop(place).number, result

    def _learn(self, batch: _Batch) -> None:
        member = batch.worker
        took_s = (time.monotonic() - batch.began) / max(1, batch.size) / max(1, member.batches + 1)
        member.mean_s += 0.3 * (took_s - member.mean_s)
        member.batch_size = max(1, min(_LARGEST_BATCH, int(_BATCH_S / max(member.mean_s, 1e-4))))

    def _bury(
        self, member: _Member, error: Exception, running: dict[Any, _Batch], again: deque[_Task]
    ) -> Iterator[tuple[int, Any]]:
        """Replace a worker that died; what it still had is given to others.

        Only the batch it was at can have been what ended it.
        """
        why = _first_line(error)
        self._losses += 1
        if self._losses >= _MOST_LOSSES:
            raise AssayError(f"{self._losses} workers died one after the other without a result, the last one: {why}")
        batches = [(stream, batch) for stream, batch in running.items() if batch.worker is member]
        for stream, _ in batches:
            del running[stream]
        self._ray.kill(member.actor)
        at_fault = min((batch for _, batch in batches), key=lambda batch: batch.began)
        for _, batch in batches:
            for task in batch.open.values():
                if batch is at_fault:
                    yield from self._lost(task, why, again)
                else:
                    self.sent_again += 1
                    again.append(task)
        self._members.remove(member)
        new = self._hire()
        try:
            self._ray.get(new.actor.greet.remote(), timeout=_PATIENCE_S if not self._members else 20.0)
            self._members.append(new)
        except self._ray.exceptions.RayError:
            self._ray.kill(new.actor)
            if not self._members:
                raise AssayError(f"The last worker of the cluster died, and no other starts: {why}") from None

    def _lost(self, task: _Task, why: str, again: deque[_Task]) -> Iterator[tuple[int, Any]]:
        task.attempts += 1
        if task.attempts >= _ATTEMPTS:
            yield task.number, Lost(why)
        else:
            self.sent_again += 1
            again.appendleft(task)

    # -- workers -----------------------------------------------------------------------------------------------------

    def _hire(self) -> _Member:
        return _Member(self._remote.remote(self._make))

    def _weakest_isolation(self) -> Isolation:
        """Of all workers. Those that do not start in time are let go, if some do."""
        calls = {member.actor.greet.remote(): member for member in self._members}
        ready, late = self._ray.wait(list(calls), num_returns=len(calls), timeout=_PATIENCE_S)
        for call in late:
            self._ray.kill(calls[call].actor)
            self._members.remove(calls[call])
        if not ready:
            raise AssayError(f"No worker of the cluster was ready after {_PATIENCE_S:g} s. Has it free cores?")
        try:
            found = [isolation for isolation, _, _ in self._ray.get(ready)]
        except self._ray.exceptions.RayError as error:
            cause = getattr(error, "cause", None) or error
            said = str(cause).strip().rpartition("\n")[2][:300]
            raise AssayError(f"A worker of the cluster does not start: {said}") from None
        self.workers = len(self._members)
        order = ("none", "landlock", "namespaces")
        weakest: Isolation = min(found, key=lambda one: (order.index(one.level), len(one.layers)))
        return weakest


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200] or type(error).__name__


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report to its makers
    try:
        import ray
    except ModuleNotFoundError:
        raise AssayError("Ray is not installed. Install it with: pip install 'assay[ray]'") from None
    return ray


def _connect(ray: Any, address: str) -> bool:
    """Join a cluster, or start one; whether it was started here. Raises AssayError."""
    if ray.is_initialized():
        return False
    given = {} if address == "local" else {"address": address}
    try:
        ray.init(**given, log_to_driver=False, include_dashboard=False if address == "local" else None)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise AssayError(
            f"There is no Ray cluster at {address!r} ({_first_line(error)}). Start one with: ray start --head; or give "
            "'local' as its address."
        ) from None
    return True
