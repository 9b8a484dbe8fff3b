"""Judging once more what a run has stored, by other rules and without asking any model."""

from __future__ import annotations

from assay.errors import AssayError
from assay.evaluation.answers import COMPLETIONS, written_samples
from assay.evaluation.plan import Plan, evalplus_rules, rule_sets_of
from assay.evaluation.samples import choose_tasks, file_sha256
from assay.evaluation.stored import StoredRun
from assay.tasks.task import Benchmark


def plan_again(source: StoredRun, benchmark: Benchmark, *, judge: str | None, extract: str | None) -> Plan:
    """Judge what is stored in another run, by other rules. None means as before.

    Raises AssayError when nothing is stored, when the data is other data, and for rules that there are none of.
    """
    before = source.record["identity"]
    if benchmark.data_sha256 != source.record["data_sha256"]:
        raise AssayError(
            f"The data of {benchmark.name} that is at hand (sha256 {benchmark.data_sha256[:16]}) is not what the run "
            f"{source.folder} was judged with ({source.record['data_sha256'][:16]}). Name the right folder with --data."
        )
    samples = written_samples(source.folder, benchmark)
    # Who asks again finds the same gaps: what the run was to answer is no less for being judged once more.
    tasks = choose_tasks(benchmark, before.get("tasks") or (), before.get("limit"))
    judge = judge or before["judge"]
    rule_sets = rule_sets_of(benchmark, [sample.task for sample in samples], judge)
    extract = extract or before["extract"]
    return Plan(
        benchmark=benchmark,
        model=source.model,
        samples=samples,
        rule_sets=rule_sets,
        extract=extract,
        unanswered=len(tasks) - len({sample.task.task_id for sample in samples}),
        wanted=len(tasks) * before.get("samples", 1),
        identity={
            **before,
            "samples_sha256": file_sha256(source.folder / COMPLETIONS),
            "judge": judge,
            "extract": extract,
            "rules": evalplus_rules(benchmark),
        },
        source=source.folder,
        carried={name: source.record[name] for name in ("generation",) if name in source.record}
        | {"judged_from": str(source.folder)},
    )
