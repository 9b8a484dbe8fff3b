"""The job, stage by stage. What a stage made is there as a whole or not at all, so a killed job goes on where it was.

    tasks -> pre-training (with its tokenizer) -> exam -> reinforcement learning -> exam -> summary

Stages that take long (training, learning) keep checkpoints of their own and go on from those.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch

from assay.demo.exam import Answer, examine, read_answers, write_answers
from assay.demo.findings import compare, examples
from assay.demo.plan import Plan
from assay.demo.questions import KINDS, Question, questions
from assay.errors import AssayError
from assay.evaluation.lock import FolderLock
from assay.forge import folder as forge_folder
from assay.forge.options import Options
from assay.forge.task import ForgeTask
from assay.judge.pool import JudgePool
from assay.models.network import convert
from assay.training.checkpoints import Card
from assay.training.config import make_config
from assay.training.pretrain import run_training
from assay.training.record import MODEL
from assay.training.rl.rollout import longest_completion
from assay.training.rl.run import read_tasks, run_rl
from assay.training.rl.settings import Settings
from assay.training.tokenizer import Tokenizer
from assay.training.watch import Watch

STATE, SUMMARY = "demo.json", "summary.json"
SCHEMA = 1
# Of a task; a grading uses 24 of them, others every time. With 8 and with 16 of 24, 6 and 3 % of rewarded programs were
# wrong (docs/LOG.md).
TESTS = 32
# Not "auto": which is faster is found out by a trial, which may end otherwise when a job is repeated, and the sums of
# bfloat16 with two threads were not always the same.
PRECISION = "fp32"


class Display(Protocol):
    """What is shown while the job runs. training, learning: what their stages tell."""

    def stage(self, number: int, of: int, title: str) -> None: ...
    def say(self, text: str) -> None: ...
    def progress(self, done: int, of: int) -> None: ...
    def training(self, folder: Path) -> Watch: ...
    def learning(self, folder: Path, steps: int) -> AbstractContextManager[Any]: ...


@dataclass(frozen=True)
class Stage:
    """name: of its folder or file, and in `demo.json`. run: does it; finished parts are not done again."""

    name: str
    title: str
    run: Callable[[], None]


class Job:
    """The job in one folder. Raises AssayError for a folder that holds a job of another plan or cannot be made.

    card: makes a model's README.md of its record; None leaves it out.
    """

    def __init__(self, out: Path, plan: Plan, display: Display, card: Card | None = None) -> None:
        self.out, self.plan, self.display, self.card = out, plan, display, card
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AssayError(f"{out} cannot be made: {error.strerror}. Choose another --out.") from None
        self._state: dict[str, Any] = {"schema": SCHEMA, "plan": plan.as_json(), "seconds": {}, "done": []}
        path = out / STATE
        if path.exists():
            known = _read_json(path)
            if known.get("schema") != SCHEMA or known.get("plan") != self._state["plan"]:
                raise AssayError(
                    f"{out} holds a demonstration with another plan ({known.get('plan', {}).get('name', 'unknown')}, "
                    f"seed {known.get('plan', {}).get('seed', '?')}). Repeat its command, or choose another --out."
                )
            self._state = known
        elif any(out.iterdir()):
            raise AssayError(f"{out} is not empty and holds no demonstration. Choose another --out.")
        else:
            self._save()

    @property
    def stages(self) -> tuple[Stage, ...]:
        plan = self.plan
        return (
            Stage("tasks", f"Forging {plan.tasks:,} training tasks and {plan.test_tasks:,} held-out ones", self._forge),
            Stage("pretrain", f"Pre-training a network from nothing on {plan.tokens:,} tokens", self._pretrain),
            Stage("before", "Examining it on held-out tasks", lambda: self._examine("before", self.base)),
            Stage("rl", f"Letting it learn from running what it writes, {plan.steps} steps", self._learn),
            Stage("after", "Examining it again", lambda: self._examine("after", self.model)),
        )

    @property
    def base(self) -> Path:
        """The model before it learnt from running."""
        return self.out / "pretrain" / MODEL

    @property
    def model(self) -> Path:
        """The finished one."""
        return self.out / "rl" / MODEL

    def run(self) -> dict[str, Any]:
        """All stages that are not done, and the summary. Raises AssayError while another process does them."""
        lock = FolderLock(self.out)
        try:
            self._state = _read_json(self.out / STATE)  # as it is now that no other process changes it
            return self._run()
        finally:
            lock.release()

    def _run(self) -> dict[str, Any]:
        stages = self.stages
        for number, stage in enumerate(stages, 1):
            if stage.name in self._state["done"]:
                continue
            self.display.stage(number, len(stages), stage.title)
            begun = time.monotonic()
            stage.run()
            # Of a stage that was stopped this process knows the last part; the log, where there is one, the whole.
            logged = self.out / stage.name / "log.jsonl"
            rows = _rows(logged) if logged.exists() else []
            spent = max([time.monotonic() - begun, *(row["seconds"] for row in rows if "seconds" in row)])
            self._state["seconds"][stage.name] = round(spent, 1)
            self._state["done"].append(stage.name)
            self._save()
        summary = self.summary()
        _write_json(self.out / SUMMARY, summary)
        return summary

    def summary(self) -> dict[str, Any]:
        """Every number of the report. "content" depends on the plan, the kind of processor and the number of threads;
        "machine" on where and when it ran.
        """
        before, after = (self._answers(name) for name in ("before", "after"))
        learning = [row for row in _rows(self.out / "rl" / "log.jsonl") if "reward" in row]
        audited, wrong = (sum(row[name] for row in learning) for name in ("audited", "audit_wrong"))
        spent = {phase: round(sum(row["time"][phase] for row in learning), 2) for phase in ("write", "judge", "learn")}
        whole = sum(spent.values())
        return {
            "schema": SCHEMA,
            "plan": self.plan.as_json(),
            "content": {
                "parameters": convert.load_config(self.model).parameters(),
                "forge": _read_json(self.out / "tasks" / "funnel.json"),
                "scores": compare(before, after, self.plan.shown),
                "examples": examples(before, after, self._asked()),
                "learning": {
                    "steps": len(learning),
                    "samples": sum(sum(row["verdicts"].values()) for row in learning),
                    "audited": audited,
                    "audit_wrong": wrong,
                    "harness_errors": sum(row["harness_errors"] for row in learning),
                },
            },
            "machine": {
                "seconds": self._state["seconds"],
                "learning_seconds": spent,
                "judging_share": round(spent["judge"] / whole, 4) if whole else 0.0,
                "threads": torch.get_num_threads(),
                "cores": len(os.sched_getaffinity(0)),
            },
        }

    # -- stages --------------------------------------------------------------------------------------------------

    def _forge(self) -> None:
        folder = self.out / "tasks"
        if (folder / "train.jsonl").exists():  # a kill came between the folder and the note that it is done
            return
        plan, jobs = self.plan, len(os.sched_getaffinity(0))
        forge_folder.write(
            folder,
            plan.seed,
            Options.small(depths=(1, plan.depth), operations=plan.operations, solution_depth=plan.shown, tests=TESTS),
            plan.tasks,
            plan.test_tasks,
            jobs,
            lambda done, _drawn: self.display.progress(done, plan.tasks + plan.test_tasks),
        )

    def _pretrain(self) -> None:
        plan = self.plan
        asked = {
            "scale": plan.scale,
            "forge": str(self.out / "tasks"),
            "tokens": plan.tokens,
            "checks": plan.checks,
            "seed": plan.seed,
            "precision": PRECISION,
        }
        run_training(make_config(asked), self.out / "pretrain", self.display.training(self.out / "pretrain"), self.card)

    def _learn(self) -> None:
        plan = self.plan
        settings = Settings(
            steps=plan.steps, prompts=plan.prompts, checks=plan.checks, seed=plan.seed, precision=PRECISION
        )
        with self.display.learning(self.out / "rl", plan.steps) as shown:
            run_rl(
                self.base,
                self.out / "tasks",
                self.out / "rl",
                settings,
                harvest=self.out / "harvest",
                show=shown.row,
                say=self.display.say,
                card=self.card,
            )

    def _examine(self, name: str, folder: Path) -> None:
        """Each kind of question has a file of answers of its own."""
        tokenizer = Tokenizer.load(folder)
        model = convert.load(folder, dtype=torch.float32)
        tasks, held_out = read_tasks(self.out / "tasks")
        longest = longest_completion(tokenizer, tasks)
        with JudgePool(len(os.sched_getaffinity(0))) as pool:
            for kind in KINDS:
                path = self.out / "exam" / f"{name}-{kind}.jsonl"
                if path.exists():
                    continue
                plan = self.plan
                asked = self._questions(held_out, kind)
                self.display.say(f"{len(asked)} questions to {kind}: one greedy answer and {plan.samples} samples each")
                answers = examine(
                    model, tokenizer, asked, pool, plan.samples, longest, plan.seed, self.display.progress
                )
                write_answers(path, answers)

    def _questions(self, held_out: list[ForgeTask], kind: str) -> list[Question]:
        return questions(held_out, kind, self.plan.write if kind == "write" else self.plan.other)

    def _asked(self) -> dict[tuple[str, str], str]:
        _, held_out = read_tasks(self.out / "tasks")
        return {(kind, one.task.task_id): one.asked for kind in KINDS for one in self._questions(held_out, kind)}

    def _answers(self, name: str) -> list[Answer]:
        return [answer for kind in KINDS for answer in read_answers(self.out / "exam" / f"{name}-{kind}.jsonl")]

    def _save(self) -> None:
        _write_json(self.out / STATE, self._state)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines(True) if line.endswith(b"\n")]


def _read_json(path: Path) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(path.read_bytes())
        return row
    except (OSError, ValueError) as error:
        raise AssayError(f"{path} cannot be read ({error}). Start anew with another --out.") from None


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)
