"""SandboxFusion's POST /submit: an answer to a task of a data set. Source: bytedance/SandboxFusion, `sandbox/datasets`.

The task comes in `config.provided_data`, as its data sets store it, or is one of Assay's own benchmarks by name.
Python tests (HumanEval, MBPP) are judged under Assay's hardened rules unless `config.extra.rules` says "official"; the
others are what SandboxFusion does: a program's status (AutoEval), or its output on each case (CommonOJ).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import Check, ScriptCheck
from assay.judge.contest import StdioCheck
from assay.judge.output_rules import OutputRule
from assay.judge.source_name import source_name
from assay.judge.verdict import VerdictKind
from assay.rewards.benchmarks import find
from assay.rewards.columns import task_from_row
from assay.rewards.reward import Graded, NoSuchTests
from assay.sandbox.program import MIB, Limits, Program
from assay.serving.fields import BadRequest, Fields
from assay.serving.fusion import LANGUAGES, as_response, response_of
from assay.serving.native import MOST_CPU_S, checked_program, decoded_files, encoded
from assay.serving.workshop import Workshop
from assay.tasks.task import Task
from assay.tasks.whole_programs import find_program

_BY_NAME = {
    "humaneval_python": "HumanEvalDataset",
    "shadow_humaneval_python": "HumanEvalDataset",
    "mbpp": "MBPPDataset",
    "code_contests": "CommonOJDataset",
}
# Its names for benchmarks that Assay has.
_OWN = {"humaneval_python": "humaneval", "mbpp": "mbpp"}
_LINES = OutputRule("lines")  # its own rule
_INSERT = "#<INSERT>"


@dataclass(frozen=True)
class Submission:
    """A request that was read. kind: the class of its data set; row: the task; "" and None for a task of Assay's."""

    id: Any
    kind: str
    completion: str
    config: Fields
    row: Mapping[str, Any]
    task: Task | None = None


def read_submit(body: Any) -> Submission:
    """Read a request. Raises BadRequest."""
    fields = Fields(body)
    if "id" not in fields.values:
        raise BadRequest("id is missing.")
    dataset, completion = fields.text("dataset"), fields.text("completion")
    config = Fields(fields.mapping("config"), "config.")
    given = config.values.get("provided_data")
    kind = config.text("dataset_type", "") or _BY_NAME.get(dataset, "")
    if given:
        if not isinstance(given, Mapping):
            raise BadRequest("config.provided_data must be an object: the row of the task.")
        if kind not in _JUDGES:
            raise BadRequest(f"config.dataset_type {kind!r} is not known. Known: {', '.join(_JUDGES)}.", 400)
        row = {name: _decoded(value) for name, value in given.items()}
        return Submission(fields.values["id"], kind, completion, config, row)
    try:
        task = find(str(fields.values["id"]), _OWN.get(dataset, dataset))
    except AssayError as error:
        raise BadRequest(
            f"Without config.provided_data, dataset must name a benchmark of Assay. {error}", 400
        ) from None
    return Submission(fields.values["id"], "", completion, config, {}, task)


async def submit(submission: Submission, workshop: Workshop) -> dict[str, Any]:
    """The answer to POST /submit. Raises BadRequest for a row that is not of its kind, AssayError if the judge ends."""
    if submission.task is not None:
        return await _judged(submission, submission.task, workshop)
    return await _JUDGES[submission.kind](submission, workshop)


# -- one kind of data set each ---------------------------------------------------------------------------------------


async def _humaneval(submission: Submission, workshop: Workshop) -> dict[str, Any]:
    if "test" not in submission.row:
        raise BadRequest("provided_data.test is missing. Of MultiPL-E's rows use Assay's own benchmark multipl-e:LANG.")
    row = {name: submission.row.get(name) for name in ("prompt", "test", "entry_point", "canonical_solution")}
    return await _judged(submission, _task(row), workshop)


async def _mbpp(submission: Submission, workshop: Workshop) -> dict[str, Any]:
    labels = submission.row.get("labels") or {}
    setup = labels.get("test_setup_code", "") if isinstance(labels, Mapping) else ""
    return await _judged(
        submission, _task({"test_list": submission.row.get("test"), "test_setup_code": setup}), workshop
    )


async def _auto(submission: Submission, workshop: Workshop) -> dict[str, Any]:
    row = Fields(submission.row, "provided_data.")
    labels, test = Fields(row.mapping("labels"), "labels."), Fields(row.mapping("test"), "test.")
    spoken = labels.text("programming_language")
    language = _language(labels.text("execution_language", spoken))
    code = find_program(submission.completion, _language(spoken), "auto").program
    test_code = test.text("code")
    if _INSERT in test_code:
        before, _, after = test_code.partition(_INSERT)
        full = before + code + after
    else:
        full = code.split("if __name__ ==")[0] + "\n" + test_code
    asset = Fields(_decoded(test.values.get("asset")) or {}, "test.asset.").values
    run = await workshop.run(*_program(language, full, asset, "", submission.config))
    response = as_response(run)
    passed = response["status"] == "Success"
    return _result(submission, passed, code, full, test_code, [_case(passed, response)], {"rules": "official"})


async def _common_oj(submission: Submission, workshop: Workshop) -> dict[str, Any]:
    spoken = submission.config.text("language", "")
    if not spoken:
        raise BadRequest("config.language is missing, which CommonOJDataset needs.", 400)
    language = _language(spoken)
    code = find_program(submission.completion, language, "auto").program
    cases = submission.row.get("test")
    if not isinstance(cases, list) or not cases:
        raise BadRequest("provided_data.test must be a list of cases, each with input.stdin and output.stdout.")
    run_all = bool(submission.config.mapping("extra", {}).get("run_all_cases"))
    tests = []
    for number, value in enumerate(cases):
        case = Fields(value, f"provided_data.test[{number}].")
        given = Fields(case.mapping("input"), f"{case.where}input.")
        expected = Fields(case.mapping("output"), f"{case.where}output.").text("stdout", "")
        run = await workshop.run(*_program(language, code, {}, given.text("stdin", ""), submission.config))
        response = as_response(run)
        printed = (response["run_result"] or {}).get("stdout") or ""
        passed = response["status"] == "Success" and _LINES.difference(printed, expected) is None
        tests.append(_case(passed, response, value))
        if not passed and not run_all:
            break
    accepted = all(test["passed"] for test in tests)
    return _result(submission, accepted, code, None, None, tests, {"rules": "official"})


_JUDGES = {
    "HumanEvalDataset": _humaneval,
    "MBPPDataset": _mbpp,
    "AutoEvalDataset": _auto,
    "CommonOJDataset": _common_oj,
}


# -- parts -----------------------------------------------------------------------------------------------------------


async def _judged(submission: Submission, task: Task, workshop: Workshop) -> dict[str, Any]:
    """By Assay's judge."""
    rules = str(submission.config.mapping("extra", {}).get("rules", "hardened"))
    timeout_s = submission.config.values.get("run_timeout")
    if timeout_s is not None:
        cpu_s = submission.config.number("run_timeout", 20.0, MOST_CPU_S)
        task = replace(task, checks={name: _limited(check, cpu_s) for name, check in task.checks.items()})
    try:
        (graded,) = await workshop.judge([(submission.completion, task, False)], rules)
    except NoSuchTests as error:
        raise BadRequest(str(error)) from None
    verdict = graded.verdict
    extra = {"rules": rules, "verdict": verdict.kind.value, "detail": verdict.detail}
    response = _told(graded)
    tests = [_case(verdict.passed, response)]
    official = task.checks.get("official")
    full = f"{graded.program}\n{official.tests}" if isinstance(official, ScriptCheck) else None
    return _result(submission, verdict.passed, graded.program, full, None, tests, extra)


def _limited(check: Check, cpu_s: float) -> Check:
    """The check with another CPU limit. EvalPlus's checks keep their own, which follow the reference's time."""
    limited = replace(check, limits=check.limits.with_cpu_s(cpu_s))
    if isinstance(limited, StdioCheck) and limited.interpreted is not None:
        return replace(limited, interpreted=limited.interpreted.with_cpu_s(cpu_s))
    return limited


def _told(graded: Graded) -> dict[str, Any]:
    """A verdict as the run of one program: the tests ran outside it, so what it printed is shown and nothing else."""
    verdict = graded.verdict
    if verdict.kind is VerdictKind.harness_error:
        return response_of("SandboxError", verdict.detail)
    timed_out = verdict.kind is VerdictKind.time_limit
    lines = [part for part in (verdict.output, "" if verdict.passed else f"{verdict.kind}: {verdict.detail}") if part]
    ran = {
        "status": "TimeLimitExceeded" if timed_out else "Finished",
        "execution_time": round(verdict.wall_s, 6),
        "cpu_time": round(verdict.cpu_s, 6),
        "return_code": None if timed_out else int(not verdict.passed),
        "stdout": "",
        "stderr": "\n".join(lines),
    }
    return response_of("Success" if verdict.passed else "Failed", "", None, ran)


def _task(row: Mapping[str, Any]) -> Task:
    try:
        return task_from_row(row)
    except AssayError as error:
        raise BadRequest(f"provided_data: {error}") from None


def _program(
    language: str, code: str, asset: Mapping[str, Any], stdin: str, config: Fields
) -> tuple[Program, Limits, tuple[str, ...]]:
    entry = source_name(language, code)
    program = checked_program(language, decoded_files(asset) | {entry: encoded(code)}, entry, stdin=encoded(stdin))
    cpu_s = config.number("run_timeout", 20.0, MOST_CPU_S)
    return program, Limits(cpu_s=cpu_s, memory_bytes=4096 * MIB, kept_bytes=MIB), ()


def _language(spoken: str) -> str:
    if spoken not in LANGUAGES:
        raise BadRequest(f"language {spoken!r} is not run here. Known: {', '.join(LANGUAGES)}.", 400)
    return LANGUAGES[spoken]


def _decoded(value: Any) -> Any:
    """Columns of its data sets are objects, or JSON of them."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _case(passed: bool, response: dict[str, Any], test: Any = None) -> dict[str, Any]:
    return {"passed": passed, "exec_info": response, "test_info": test}


def _result(
    submission: Submission,
    accepted: bool,
    code: str,
    full_code: str | None,
    test_code: str | None,
    tests: list[dict[str, Any]],
    extra: dict[str, Any],
) -> dict[str, Any]:
    return {
        "id": submission.id,
        "accepted": accepted,
        "extracted_code": code.rstrip("\n"),
        "full_code": full_code,
        "test_code": test_code,
        "tests": tests,
        "extracted_type": None,
        "extra": extra,
    }
