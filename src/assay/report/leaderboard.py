"""Models by benchmarks: the scores of several runs as one table, before anything is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assay.evaluation.reading import Reading
from assay.evaluation.stored import StoredRun
from assay.report.names import benchmark_title, language_title


@dataclass(frozen=True)
class Entry:
    """One run of a report. label: the name of its model, for people."""

    label: str
    reading: Reading


@dataclass(frozen=True)
class Asked:
    """What a run was asked: tasks that may be compared.

    rules: the release line of EvalPlus whose rules apply, None elsewhere.
    language: the one that was chosen, where tasks may be solved in any; else None.
    """

    benchmark: str
    data_sha256: str
    rules: str | None = None
    language: str | None = None

    @property
    def title(self) -> str:
        """The benchmark with its version, and the language that was chosen."""
        title = benchmark_title(self.benchmark)
        return f"{title} in {language_title(self.language)}" if self.language else title

    @property
    def data(self) -> tuple[str, ...]:
        """Exactly which: version and hash of the data, and what was chosen where there is a choice."""
        version = self.benchmark.partition("@")[2]
        lines = [f"{version} {self.data_sha256[:8]}".strip()]
        lines += [f"EvalPlus {self.rules} rules"] if self.rules else []
        lines += [f"in {language_title(self.language)}"] if self.language else []
        return tuple(lines)


def asked_of(reading: Reading) -> Asked:
    """What the run of `reading` was asked."""
    language = reading.run.record["identity"].get("language")
    return Asked(reading.run.benchmark, reading.data_sha256, reading.rules, language)


@dataclass(frozen=True)
class Line:
    """A row of the table: a model and how it was asked. `number` tells runs apart that are alike in all of this.

    temperature: None where it is not known or was left to the model.
    """

    label: str
    prompt: str
    extract: str
    temperature: float | None = None
    number: int = 1

    @property
    def setting(self) -> str:
        """How the model was asked and its answers were read; a score is never shown without it."""
        parts = [f"prompt {self.prompt}", f"extractor {self.extract}"]
        parts += [] if self.temperature is None else [f"temperature {self.temperature:g}"]
        parts += [f"run {self.number}"] if self.number > 1 else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Column:
    """A column of the table: what was asked, or the base inputs of it where there are more (`part` is "base")."""

    asked: Asked
    part: str = ""

    @property
    def title(self) -> str:
        """The benchmark without its version, which stands in `Asked.data`."""
        return f"{benchmark_title(self.asked.benchmark, version=False)} {self.part}".rstrip()


@dataclass(frozen=True)
class Score:
    """A cell. rate, low, high: fractions, the bounds of the 95 % interval None where there is none.

    tasks: averaged over. samples: judged. harness_errors: samples without a verdict, in no denominator.
    entry: index of the run it comes from.
    """

    rate: float
    low: float | None
    high: float | None
    tasks: int
    samples: int
    harness_errors: int
    entry: int


@dataclass(frozen=True)
class Leaderboard:
    """rule_sets, metrics ("pass@1", ...): those that at least one run has. line_of: entry -> index of its line."""

    lines: tuple[Line, ...]
    columns: tuple[Column, ...]
    rule_sets: tuple[str, ...]
    metrics: tuple[str, ...]
    cells: Mapping[tuple[Line, Column, str, str], Score] = field(hash=False)
    line_of: tuple[int, ...]

    def columns_with(self, rule_set: str, metric: str) -> tuple[Column, ...]:
        """The columns that have a score of this kind."""
        there = {column for _, column, rules, name in self.cells if (rules, name) == (rule_set, metric)}
        return tuple(column for column in self.columns if column in there)

    def views(self) -> Iterable[tuple[str, str]]:
        """(rule set, metric) of every table that has at least one score."""
        there = {(rule_set, metric) for _, _, rule_set, metric in self.cells}
        return [(rules, metric) for metric in self.metrics for rules in self.rule_sets if (rules, metric) in there]


def make_leaderboard(entries: Sequence[Entry]) -> Leaderboard:
    """The table of these runs, in the order in which they were named. What is not finished has no score in it."""
    lines: list[Line] = []
    columns: dict[Column, None] = {}
    cells: dict[tuple[Line, Column, str, str], Score] = {}
    taken: set[tuple[Line, Asked]] = set()
    line_of: list[int] = []
    for index, entry in enumerate(entries):
        reading = entry.reading
        asked = asked_of(reading)
        temperature = reading.run.record.get("generation", {}).get("temperature")
        line = Line(entry.label, reading.prompt_style, reading.extractor, temperature)
        while (line, asked) in taken:
            line = replace(line, number=line.number + 1)
        taken.add((line, asked))
        if line not in lines:
            lines.append(line)
        line_of.append(lines.index(line))
        for part, rule_set, metric, score in _scores(reading.run, index):
            column = Column(asked, part)
            columns.setdefault(column)
            cells[line, column, rule_set, metric] = score
    return Leaderboard(
        lines=tuple(lines),
        columns=tuple(columns),
        rule_sets=tuple(dict.fromkeys(key[2] for key in cells)),
        metrics=tuple(sorted({key[3] for key in cells}, key=lambda name: int(name.partition("@")[2]))),
        cells=cells,
        line_of=tuple(line_of),
    )


def _scores(run: StoredRun, entry: int) -> Iterable[tuple[str, str, str, Score]]:
    """(part, rule set, metric, score) of every rate in the run's summary; hardened first."""
    for rule_set in reversed(run.rule_sets):
        body = run.summary.get(rule_set, {})
        for name, rate in body.items():
            part, _, metric = name.rpartition("pass@")
            if not metric.isdecimal() or part not in ("", "base_"):
                continue
            low, high = _interval(body, part, int(metric))
            score = Score(rate, low, high, body["denominator"], body["judged"], body["harness_errors"], entry)
            yield part.rstrip("_"), rule_set, f"pass@{metric}", score


def _interval(body: Mapping[str, Any], part: str, k: int) -> tuple[float | None, float | None]:
    """The 95 % interval of pass@k in a rule set's part of a summary; None twice where there is none."""
    if k == 1:
        found = body.get(f"{part}ci95")
    else:
        found = next((each["ci95"] for each in body.get(f"{part}pass@k", ()) if each["k"] == k), None)
    return (found[0], found[1]) if found else (None, None)
