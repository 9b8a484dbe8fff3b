"""Tasks as they are made: the same for a seed, honest examples, bugs that are bugs, splits without leaks."""

from __future__ import annotations

import doctest
import json
from collections import Counter

import pytest

from assay.cli.main import main
from assay.errors import AssayError
from assay.forge import folder, jail, leaks, splits
from assay.forge.generate import generate
from assay.forge.options import Options
from assay.forge.task import ForgeTask
from assay.sandbox import Sandbox


@pytest.fixture(scope="module")
def tasks() -> list[ForgeTask]:
    return list(generate(seed=5, count=150, depths=(1, 6)))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("forge") / "tasks"
    folder.write(out, 5, Options(), train=80, test=20, jobs=1)
    return out


def test_one_seed_gives_one_folder_whatever_the_number_of_processes(made, tmp_path) -> None:
    folder.write(tmp_path / "again", 5, Options(), train=80, test=20, jobs=2)
    for name in ("train.jsonl", "test.jsonl", "funnel.json", "forge.json"):
        assert (made / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_another_seed_gives_other_tasks(tasks) -> None:
    ours = {task.prompt for task in tasks}
    others = {task.prompt for task in generate(seed=6, count=50)}
    assert len(ours & others) < 5


def test_the_stream_gives_what_the_folder_holds(made) -> None:
    stream = generate(seed=5, count=80)
    assert list(stream) == list(folder.read(made, "train"))


def test_rows_come_back_from_json_as_they_were(tasks) -> None:
    for task in tasks:
        assert ForgeTask.from_json(json.loads(json.dumps(task.as_json()))) == task


def test_all_depths_styles_and_kinds_of_bugs_occur(tasks) -> None:
    assert set(Counter(task.depth for task in tasks)) == {1, 2, 3, 4, 5, 6}
    assert all(len(task.operations) == task.depth for task in tasks)
    kinds = {bug.kind for task in tasks for bug in task.bugs}
    assert kinds == {"operator", "constant", "off_by_one", "dropped_step"}
    text = "".join(task.program for task in tasks)
    assert all(word in text for word in ("for ", "while ", " if ", "lambda", "return", "append"))


def test_examples_in_docstrings_are_true(tasks) -> None:
    for task in tasks:
        names: dict[str, object] = {}
        exec(task.program, names)
        test = doctest.DocTestParser().get_doctest(task.docstring, names, task.task_id, None, 0)
        assert len(test.examples) == len(task.examples) == 2
        assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


def test_shown_graded_and_audited_cases_are_different_calls(tasks) -> None:
    for task in tasks:
        calls = [repr(case.arguments) for case in (*task.examples, *task.tests, *task.audit)]
        assert len(calls) == len(set(calls))
        assert (len(task.tests), len(task.audit)) == (8, 20)


def test_the_sandbox_confirms_every_case_and_every_bug(tasks) -> None:
    jobs = []
    for task in tasks:
        head = f"{task.helpers}{task.signature}\n"
        cases = (*task.tests, *task.examples, *task.audit)
        jobs.append({
            "name": task.entry_point, "reference": head + task.body, "calls": [case.arguments for case in cases],
            "mutants": [head + bug.body for bug in task.bugs], "wanted": 9, "graded": 8, "trace": -1, "locals": [],
            "first": 1,
        })  # fmt: skip
    with Sandbox(jobs=1) as sandbox:
        results = jail.run(sandbox, jobs)
    for task, result in zip(tasks, results, strict=True):
        assert result["outputs"] == [case.expected for case in (*task.tests, *task.examples, *task.audit)]
        assert result["kills"] == [[bug.killed_by, bug.failure] for bug in task.bugs]


def test_a_bug_is_where_it_is_said_to_be(tasks) -> None:
    for task in tasks:
        right = task.body.splitlines()
        for bug in task.bugs:
            wrong = bug.body.splitlines()
            assert wrong[: bug.line - 1] == right[: bug.line - 1]
            assert wrong[bug.line - 1 :] != right[bug.line - 1 :]


def test_traces_stay_inside_the_body(tasks) -> None:
    for task in tasks:
        assert 0 < len(task.trace) <= 64
        assert all(1 <= step.line <= task.body.count("\n") for step in task.trace)


def test_training_holds_no_held_out_composition_and_marks_deep_tasks(tasks) -> None:
    for task in tasks:
        assert not splits.held_out(task.operations)
        assert task.held_out == ("depth" if task.depth > 3 else "")


def test_the_funnel_adds_up(made) -> None:
    rows = {row["gate"]: row["total"] for row in json.loads((made / "funnel.json").read_text())}
    assert rows["drawn"] == sum(count for gate, count in rows.items() if gate != "drawn")
    assert rows["kept"] >= 100
    assert rows["reference"] == 0


def test_the_leak_check_passes_a_fresh_folder_and_finds_a_planted_leak(made, tmp_path, capsys) -> None:
    assert leaks.check(made).clean
    planted = tmp_path / "planted"
    planted.mkdir()
    lines = (made / "train.jsonl").read_text().splitlines()
    (planted / "train.jsonl").write_text("\n".join(lines) + "\n")
    stolen = json.loads(lines[0]) | {"task_id": "forge/5/999999", "split": "test", "docstring": "Other words."}
    (planted / "test.jsonl").write_text(json.dumps(stolen) + "\n")
    report = leaks.check(planted)
    assert report.behaviours == report.programs == ("forge/5/999999",)
    assert not report.texts
    assert main(["forge", "check", str(planted)]) == 3
    assert "1 behave like a training task: forge/5/999999" in capsys.readouterr().out


def test_nothing_is_left_when_making_is_interrupted(tmp_path) -> None:
    def interrupt(done: int, drawn: int) -> None:
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.write(tmp_path / "tasks", 5, Options(), train=50, test=5, jobs=1, progress=interrupt)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "Name a folder"),
        (["--out", "OUT", "--depth", "3-9"], "two numbers from 1 to 6"),
        (["--out", "OUT", "--languages", "cobol"], "'cobol' is not one of"),
        (["--out", "THERE"], "is there already"),
        (["check", "OUT"], "cannot be read"),
        (["show", "THERE"], "cannot be read"),
    ],
)
def test_bad_arguments_are_one_sentence(argv, said, tmp_path, capsys) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / "something").touch()
    names = {"OUT": str(tmp_path / "out"), "THERE": str(there)}
    assert main(["forge", *(names.get(word, word) for word in argv)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_row_that_is_none_is_named(made, tmp_path) -> None:
    (tmp_path / "train.jsonl").write_text('{"schema": 1}\n')
    with pytest.raises(AssayError, match=r"train\.jsonl, line 1 is no forge task"):
        list(folder.read(tmp_path, "train"))


def test_a_task_is_shown(made, capsys) -> None:
    first = next(folder.read(made, "train"))
    assert main(["forge", "show", str(made), first.task_id]) == 0
    out = capsys.readouterr().out
    assert first.task_id in out
    assert first.body.splitlines()[0] in out
    assert "trace of test 7" in out


def test_tasks_for_small_models_are_short(tasks) -> None:
    def characters(some: list[ForgeTask]) -> float:
        return sum(len(task.prompt) + len(task.body) for task in some) / len(some)

    small = list(generate(seed=5, count=60, options=Options.small()))
    assert all(len(task.examples) == 1 and len(task.body) <= 200 for task in small)
    assert characters(small) < 0.65 * characters([task for task in tasks if task.depth <= 5])
