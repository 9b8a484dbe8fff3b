"""The loop: write, judge, learn, and now and then look at how good the model has become.

One step: the curriculum chooses prompts; the model writes a group of samples for each; the judge runs them in the
sandbox; groups whose samples all fared alike teach nothing and are replaced, within bounds; the rest become a lesson,
beside a little supervised replay. On-policy: what is learnt from was written by the weights it changes.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.errors import AssayError
from assay.forge.task import ForgeTask
from assay.models.network.model import CodeModel
from assay.training.rl.advantages import group_advantages
from assay.training.rl.checkpoint import load_checkpoint, save_checkpoint
from assay.training.rl.cores import Cores
from assay.training.rl.curriculum import Curriculum
from assay.training.rl.folder import CHECKPOINT, LOG, Origin, check_origin
from assay.training.rl.grading import Grader
from assay.training.rl.learner import Learner, Lesson
from assay.training.rl.objectives import OBJECTIVES
from assay.training.rl.rollout import Group, Writer
from assay.training.rl.rows import Row, Rows, facts
from assay.training.rl.settings import Settings
from assay.training.rl.store import Store, attempts_in
from assay.training.rl.tree import Samples
from assay.training.rl.written import Written
from assay.training.tokenizer import Tokenizer

if TYPE_CHECKING:
    from assay.training.mixture import Mixture

PHASES = ("write", "judge", "learn")
_SAVE_EVERY_S = 30.0
_AUDITED = 8  # rewarded programs of a step, at most


@dataclass(frozen=True)
class Material:
    """What a run learns from and is tested with. held_out: tasks that no training saw. replay: None for none."""

    tasks: Sequence[ForgeTask]
    held_out: Sequence[ForgeTask]
    replay: Mixture | None = None


class Loop:
    """One run in one folder: `log.jsonl`, `attempts.jsonl`, `checkpoint/`. A run that was stopped goes on.

    show: is given every row of the log. grader: judges; its own `counts` say what that cost.
    """

    def __init__(
        self,
        model: CodeModel,
        tokenizer: Tokenizer,
        material: Material,
        grader: Grader,
        settings: Settings,
        out: Path,
        longest: int,
        show: Callable[[Row], None] = lambda row: None,
        precision: str = "",
        origin: Origin | None = None,
    ) -> None:
        """precision: what "auto" means on this machine; a run that goes on keeps what it meant first. origin: what the
        run begins with; it goes on with nothing else.

        Raises AssayError when the tasks have none of the depths asked for, a checkpoint cannot be read, or it is of a
        run with other settings or another origin.
        """
        self.settings, self.out, self._show = settings, out, show
        self._material, self._grader, self._tokenizer = material, grader, tokenizer
        self._writer = Writer(model, tokenizer, longest)
        self._learner = Learner(model, settings, longest)
        self._learner.precision = precision or settings.precision
        self._learner.model.train()
        try:
            self._curriculum = Curriculum(
                material.tasks, settings.mix(), settings.seed, settings.lowest, settings.highest
            )
        except ValueError:
            raise AssayError(f"No training task has a depth of --depths {settings.depths!r}.") from None
        # Beside a GPU the processor has nothing else to do than to judge.
        self._cores = Cores(grader) if next(model.parameters()).device.type == "cpu" else None
        self._spent = dict.fromkeys(PHASES, 0.0)
        self._checked: list[int] = []  # the place of every check in the run, from 0 to `checks`
        self._last_check = -1  # the step of the last one
        self._origin = origin or {}
        out.mkdir(parents=True, exist_ok=True)
        self.store = Store(out / "attempts.jsonl")
        self._rows = Rows(out / LOG)
        if (out / CHECKPOINT).exists():
            self._restore(load_checkpoint(out / CHECKPOINT, model, self._learner.optimizer))
        else:
            self._rewind(-1)

    @property
    def step(self) -> int:
        """Steps that are done."""
        return self._learner.steps // self.settings.updates

    @property
    def model(self) -> CodeModel:
        return self._learner.model

    @property
    def seconds(self) -> dict[str, float]:
        """Spent writing, judging and learning."""
        return {phase: round(seconds, 3) for phase, seconds in self._spent.items()}

    @property
    def executed(self) -> Row | None:
        """Greedy pass@1 of the last look at held-out tasks, in the form of a training run's record; None without."""
        check = self._rows.last_check()
        if check is None:
            return None
        found = check["held_out"]
        return {
            "step": check["step"],
            "pass@1": round(found["passed"] / max(1, found["tried"]), 4),
            "tasks": found["tried"],
            "by_depth": {
                depth: [round(passed / tried, 4), tried] for depth, (passed, tried) in found["by_depth"].items()
            },
        }

    @property
    def progress(self) -> float:
        """0 at the beginning, 1 when it is time to end."""
        if self.settings.steps:
            return self.step / self.settings.steps
        return sum(self._spent.values()) / (60.0 * self.settings.minutes)

    def run(self) -> None:
        """Learn until the end, from wherever the run stands. What was stopped in between continues exactly."""
        saved = time.monotonic()
        with ThreadPoolExecutor(1, "judge") as judging:
            while True:
                ended = self.progress >= 1
                # A run that is longer now than it was first has had its last check before.
                if self._check_is_due() or (ended and self._last_check != self.step):
                    self._check()
                    self.save()
                    saved = time.monotonic()
                if ended:
                    break
                row = self._step(judging)
                self._log(row)
                if time.monotonic() - saved > _SAVE_EVERY_S:
                    self.save()
                    saved = time.monotonic()

    # -- one step ------------------------------------------------------------------------------------------------

    def _step(self, judging: ThreadPoolExecutor) -> Row:
        number, before = self.step + 1, dict(self._spent)
        groups: list[Group] = []
        wanted, scale = self.settings.prompts, OBJECTIVES[self.settings.loss].advantage
        lessons: list[tuple[Group, Lesson]] = []
        for round_ in range(1 + self.settings.refills):
            missing = wanted - len(lessons)
            if missing <= 0:
                break
            prompts = self._curriculum.choose(missing, {group.task.task_id for group in groups})
            if not prompts:
                break
            new = self._rollouts(prompts, number, round_, judging)
            groups += new
            lessons += [(group, lesson) for group in new if (lesson := self._lesson(group, number, scale))]
        with self._timed("learn"):
            replay = None
            if self._material.replay is not None and self.settings.replay:
                replay = self._material.replay.next(self.settings.replay)
            written = [
                sample.logprobs
                for group, _ in lessons
                for sample, grade in zip(group.samples, group.grades, strict=True)
                if grade.passed is not None
            ]
            learnt = (
                self._learner.learn([lesson for _, lesson in lessons], replay, written, self.progress)
                if lessons or replay
                else None
            )
            if learnt is None:
                self._learner.steps += self.settings.updates
        self._curriculum.learn([(group.task, group.passed, group.judged) for group in groups])
        self.store.add(attempts_in(groups, number))
        row: Row = {"step": number, "seconds": round(sum(self._spent.values()), 3), **facts(groups)}
        row |= {"groups": len(groups), "taught": len(lessons)}
        if learnt is not None:
            row |= {name: value for name, value in vars(learnt).items() if value is not None}
        row |= self._audit(groups, number)
        row["time"] = {phase: round(self._spent[phase] - before[phase], 4) for phase in PHASES}
        return row

    def _rollouts(self, tasks: list[ForgeTask], number: int, round_: int, judging: ThreadPoolExecutor) -> list[Group]:
        """Write a group for every task; answers are judged as they come, on the cores that writing leaves."""
        seed = (self.settings.seed * 1_000_003 + number) * 16 + round_
        half = len(tasks) * self.settings.samples // 2

        def ended(task: ForgeTask, body: str) -> None:
            written.add(task, body)
            if self._cores is not None and len(written.answers) == half:
                self._cores.half_written()

        with Written() as written:
            grading = judging.submit(self._grader.grade_as_written, written, number)
            try:
                with self._timed("write"), self._cores.writing() if self._cores else nullcontext():
                    groups = self._writer.write(
                        tasks, self.settings.samples, self.settings.temperature, seed, ended=ended
                    )
            finally:
                written.complete()
                with self._timed("judge"):
                    grades = grading.result()
        return [
            replace(group, grades=tuple(grades[group.task.task_id, sample.body] for sample in group.samples))
            for group in groups
        ]

    def _lesson(self, group: Group, number: int, scale: str) -> Lesson | None:
        """What a group teaches, if it teaches anything."""
        rewards = group.rewards
        if self.settings.control == "shuffled":
            random.Random(f"{self.settings.seed} {number} {group.task.task_id}").shuffle(rewards)
        advantages = group_advantages(rewards, scale)
        if advantages is None:
            return None
        kept = [
            (sample, advantage)
            for sample, advantage in zip(group.samples, advantages, strict=True)
            if advantage is not None
        ]
        if self.settings.control == "positives":
            kept = [(sample, max(0.0, advantage)) for sample, advantage in kept]
        return Lesson(Samples(group.prompt, [sample.tokens for sample, _ in kept]), [a for _, a in kept])

    def _audit(self, groups: Sequence[Group], number: int) -> Row:
        """How many of the rewarded programs are really wrong, by tests that never reward. Not counted as time."""
        rewarded = {
            (group.task.task_id, sample.body): (group.task, sample.body)
            for group in groups
            for sample, grade in zip(group.samples, group.grades, strict=True)
            if grade.passed
        }
        draw = random.Random(f"audit {self.settings.seed} {number}")
        chosen = draw.sample(sorted(rewarded), min(_AUDITED, len(rewarded)))
        grades = self._grader.audit([rewarded[key] for key in chosen])
        known = [grade for grade in grades if grade.passed is not None]
        return {"audited": len(known), "audit_wrong": sum(not grade.passed for grade in known)}

    # -- now and then --------------------------------------------------------------------------------------------

    def _log(self, row: Row) -> None:
        self._rows.write(row)
        self._show(row)

    def _check_is_due(self) -> bool:
        """At the beginning and at every `checks`-th of the run; once each."""
        return min(self.settings.checks, int(self.progress * self.settings.checks + 1e-9)) not in self._checked

    def _check(self) -> None:
        """Answer held-out tasks, greedily, and log how many answers pass."""
        place = min(self.settings.checks, int(self.progress * self.settings.checks + 1e-9))
        self._checked.append(place)
        self._last_check = self.step
        tasks = self._material.held_out[: self.settings.held_out]
        if not tasks:
            return
        groups = self._writer.write(tasks, 1, 0.0, 0)
        grades = self._grader.grade([(group.task, group.samples[0].body) for group in groups], 0)
        by_depth: dict[str, list[int]] = {}
        for task, grade in zip(tasks, grades, strict=True):
            if grade.passed is not None:
                count = by_depth.setdefault(str(task.depth), [0, 0])
                count[0] += grade.passed
                count[1] += 1
        passed, tried = (sum(count[place] for count in by_depth.values()) for place in (0, 1))
        held_out = {"passed": passed, "tried": tried, "by_depth": dict(sorted(by_depth.items()))}
        seconds = round(sum(self._spent.values()), 3)
        self._log({"step": self.step, "seconds": seconds, "held_out": held_out})

    def save(self) -> None:
        """Keep everything that going on needs."""
        replay = self._material.replay
        state = {
            "settings": self.settings.as_json(),
            "origin": self._origin,
            "precision": self._learner.precision,
            "steps": self._learner.steps,
            "spent": self._spent,
            "checked": self._checked,
            "curriculum": self._curriculum.state(),
            "replay": None if replay is None else replay.state(),
        }
        folder = self.out / CHECKPOINT
        save_checkpoint(folder, self._learner.model, self._tokenizer.folder, self._learner.optimizer, state)

    def _restore(self, state: dict[str, Any]) -> None:
        asked = {**self.settings.as_json(), "minutes": 0, "steps": 0}
        if {**state["settings"], "minutes": 0, "steps": 0} != asked:
            was = {
                name: value for name, value in state["settings"].items() if self.settings.as_json().get(name) != value
            }
            raise AssayError(
                f"{self.out} holds a run with other settings ({', '.join(f'{k} = {v}' for k, v in was.items())}). "
                "Repeat the command it was started with, or choose another --out."
            )
        check_origin(self.out, state.get("origin", {}), self._origin)  # not in checkpoints of older versions
        self._learner.precision = state["precision"]
        self._learner.steps, self._spent, self._checked = state["steps"], state["spent"], state["checked"]
        self._curriculum.restore(state["curriculum"])
        if self._material.replay is not None and state["replay"] is not None:
            self._restore_replay(self._material.replay, state)
        self._rewind(self.step)
        check = self._rows.last_check()
        self._last_check = -1 if check is None else check["step"]

    def _rewind(self, step: int) -> None:
        """Drop from the files what came after a step: it will come again."""
        self.store.rewind(step)
        self._rows.rewind(step, len(self._checked))

    def _restore_replay(self, replay: Mixture, state: dict[str, Any]) -> None:
        """Go on in the replay. Raises AssayError where it is another one, as it is when the run has other steps."""
        try:
            replay.restore(state["replay"])
        except AssayError:
            if state["settings"]["steps"] == self.settings.steps:
                raise
            steps, minutes = state["settings"]["steps"], state["settings"]["minutes"]
            was, now = f"--steps {steps}" if steps else f"--minutes {minutes:g}", self.settings.steps
            raise AssayError(
                f"The run in {self.out} was started with {was}, for which its replay was made; with "
                f"{f'--steps {now}' if now else '--minutes'} it is another one. Go on with {was}, or choose another "
                "--out. Runs with --replay 0 can be made longer."
            ) from None

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self._spent[phase] += time.monotonic() - begun
