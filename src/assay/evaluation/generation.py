"""A model is asked in a thread of its own while its earlier answers are judged."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from assay.evaluation.questions import Asking, Question
from assay.evaluation.rows import Key
from assay.evaluation.samples import Sample
from assay.evaluation.store import RunFolder
from assay.models.completion import Completion, Failure
from assay.models.model import Model
from assay.models.request import Request

STOP_S = 10.0
HELD = 256  # texts kept for the judge; what waits behind them is read from the folder again


class Spectator(Protocol):
    """Who is told of every answer, in the thread that asks. last: False where the task asks once more."""

    def answered(self, answer: Completion | Failure, last: bool) -> None: ...


class Generation:
    """Asks for what is not stored yet; stores every answer as it comes; hands on what is stored. A context manager.

    wake: a descriptor that becomes readable when `samples` has more to give. failures: questions that were given up.
    """

    def __init__(
        self, model: Model, asking: Asking, folder: RunFolder, questions: Sequence[Question], spectator: Spectator
    ) -> None:
        """questions: those without a verdict."""
        self._model, self._asking, self._folder, self._spectator = model, asking, folder, spectator
        self._questions = {question.key: question for question in questions}
        stored = [key for key in self._questions if key in folder.completions]
        self._ready: deque[tuple[Key, str | None]] = deque((key, None) for key in stored)
        self._to_ask = deque(question for key, question in self._questions.items() if key not in folder.completions)
        self._follow_ups: deque[Request] = deque()
        self._finished = False
        self._stopped = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="assay-generation", daemon=True)
        self.wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.failures: dict[Key, Failure] = {}

    def __enter__(self) -> Generation:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped = True
        self._model.stop()
        self._thread.join(STOP_S)
        if not self._thread.is_alive():
            os.close(self.wake)

    def samples(self) -> Iterator[Sample | None]:
        """Every stored sample, as they come; None while there is none. For one reader."""
        while True:
            finished = self._finished  # before the look at what is ready, or the last one could be missed
            if self._ready:
                yield self._sample(*self._ready.popleft())
            elif finished:
                break
            else:
                with contextlib.suppress(BlockingIOError):
                    os.eventfd_read(self.wake)
                if not self._ready and not self._finished:
                    yield None

    def check(self) -> None:
        """After the last sample: raises what stopped the model before its last question, AssayError or DiskError."""
        if self._error is not None:
            raise self._error

    def _sample(self, key: Key, text: str | None) -> Sample:
        if text is None:
            text = self._folder.completions.row(key)["completion"]
        return Sample(self._questions[key].task, key[1], text)

    def _work(self) -> None:
        try:
            while (self._to_ask or self._follow_ups) and not self._stopped:
                self._model.write(self._requests(), self._deliver)
        except BaseException as error:  # raised again by `check`, in the thread that judges
            self._error = error
        finally:
            self._finished = True
            os.eventfd_write(self.wake, 1)

    def _requests(self) -> Iterator[Request]:
        while not self._stopped:
            if self._follow_ups:
                yield self._follow_ups.popleft()
            elif self._to_ask:
                question = self._to_ask.popleft()
                if question.key in self._folder.first_answers:
                    yield self._asking.second(question, self._folder.first_answers.row(question.key)["completion"])
                else:
                    yield self._asking.first(question)
            else:
                return

    def _deliver(self, request: Request, answer: Completion | Failure) -> None:
        """Store it before anything else."""
        turn: Any = request.key
        task_id, number, which = turn
        question = self._questions[task_id, number]
        last = isinstance(answer, Failure) or question.task.follow_up is None or which == 1
        if isinstance(answer, Failure):
            self._folder.add_failure(question.key, which, answer)
            self.failures[question.key] = answer
        elif not last:
            self._folder.first_answers.add(question.key, answer.text, about=answer.as_json())
            self._follow_ups.append(self._asking.second(question, answer.text))
        else:
            self._folder.completions.add(question.key, answer.text, about=answer.as_json())
            self._ready.append((question.key, answer.text if len(self._ready) < HELD else None))
            os.eventfd_write(self.wake, 1)
        self._spectator.answered(answer, last)
