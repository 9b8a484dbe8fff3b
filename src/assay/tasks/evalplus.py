"""HumanEval+ and MBPP+ (EvalPlus): many more inputs; the reference solution says what the answers must be.

Row: task_id, prompt, entry_point, canonical_solution, base_input and plus_input (lists of argument lists), atol.
Source: evalplus/evalplus, `evalplus/eval/__init__.py` and `evalplus/data/`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.judge.checks import DifferentialCheck, Inputs, Oracle
from assay.tasks import mbpp
from assay.tasks.data import load_rows
from assay.tasks.mbpp_types import repair
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task


def _source(name: str, version: str, file: str, url: str, tasks: int, sha256: str) -> Source:
    releases = f"evalplus/{name.rstrip('+')}plus_release"
    return Source(
        name=name,
        version=version,
        file=file,
        url=f"https://github.com/{releases}/releases/download/{url}",
        origin=releases,
        tasks=tasks,
        licence="Apache-2.0",
        kind="complete",
        sha256=sha256,
        id_prefix="HumanEval/" if name == "humaneval+" else mbpp.ID_PREFIX,
    )


SOURCES = (
    _source(
        "humaneval+",
        "v0.1.10",
        "humaneval_plus/HumanEvalPlus-v0.1.10.jsonl.gz",
        "v0.1.10/HumanEvalPlus.jsonl.gz",
        164,
        "42526ec0e7d5f3ee0b06d6ced98f8c8bae3d76519151bfb3d36f79010645bd7f",
    ),
    _source(
        "humaneval+",
        "v0.1.9",
        "humaneval_plus/HumanEvalPlus-v0.1.9.jsonl.gz",
        "v0.1.9/HumanEvalPlus.jsonl.gz",
        164,
        "50d50fda1ecf4c9168d762456ae29c1d8b8b922e68c66964f7891c98d93a04b7",
    ),
    _source(
        "humaneval+",
        "mini",
        "humaneval_plus/HumanEvalPlus-Mini-v0.1.10.jsonl.gz",
        "v0.1.10/HumanEvalPlus-Mini.jsonl.gz",
        164,
        "78fbba8865b20c5a979cda6e02fd72538e1762e65980af7d1a6e93c3e87e93af",
    ),
    _source(
        "mbpp+",
        "v0.2.0",
        "mbpp_plus/MbppPlus-v0.2.0.jsonl.gz",
        "v0.2.0/MbppPlus.jsonl.gz",
        378,
        "b54e762755248ca411b523c917fa9f93c07b5ff2966bf60b3917b853926a3dad",
    ),
    _source(
        "mbpp+",
        "v0.1.0",
        "mbpp_plus/MbppPlus-v0.1.0.jsonl.gz",
        "v0.1.0/MbppPlus.jsonl.gz",
        399,
        "a855b9de667baea8e2f8aa61f898767a7336872208a85222b35622545e819fe9",
    ),
)
PARTS = ("base", "plus")
RULES = ("0.2", "0.3")
FIELDS: dict[str, type | tuple[type, ...]] = {
    "task_id": str,
    "prompt": str,
    "entry_point": str,
    "canonical_solution": str,
    "base_input": list,
    "plus_input": (list, dict),  # Mbpp/793 writes its empty list as {}
    "atol": (int, float),
}

# Seconds per input and per set of inputs. The same in EvalPlus 0.2.1, 0.2.2 and 0.3.x; 0.2.0 had a minimum of 0.2 s
# and no cap, the main branch after 0.3.1 has a minimum of 4 s.
MIN_TIME_S = 1.0
TIME_FACTOR = 4.0
TASK_CAP_S = 60.0

_STOPS = ("<|endoftext|>", "<|endofmask|>", "</s>", "\nif __name__", "\ndef main(", "\nprint(")
STOPS = {
    "humaneval+": (*_STOPS, "\ndef ", "\nclass ", "\nimport ", "\nfrom ", "\nassert "),
    "mbpp+": (*_STOPS, '\n"""', "\nassert"),
}

# Oracles by benchmark and entry point, which is how EvalPlus finds them: name, and the rules that know it.
_SPECIAL: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("humaneval+", "find_zero"): ("find_zero", RULES),  # 32
    ("mbpp+", "are_equivalent"): ("are_equivalent", RULES),  # 164
    ("mbpp+", "sum_div"): ("sum_div", RULES),  # 295
    ("mbpp+", "surface_Area"): ("surface_area", ("0.3",)),  # 581
    ("mbpp+", "digit_distance_nums"): ("digit_distance", ("0.3",)),  # 558
}
for _name in ("check_str", "text_match_three", "text_starta_endb"):  # 737, 787, 794
    _SPECIAL["mbpp+", _name] = ("not_none", RULES)
for _name in (
    "similar_elements",  # 2
    "find_char_long",  # 7
    "common_in_nested_lists",  # 111
    "extract_singly",  # 140
    "larg_nnum",  # 232
    "intersection_array",  # 249
    "find_dissimilar",  # 579
    "Diff",  # 769
):
    _SPECIAL["mbpp+", _name] = ("set_equal", ("0.3",))


def default_rules(source: Source) -> str:
    """The release line of EvalPlus that scored with this version of the data."""
    return "0.2" if (source.name, source.version) in (("humaneval+", "v0.1.9"), ("mbpp+", "v0.1.0")) else "0.3"


def load(source: Source, data_dir: Path | None = None, rules: str | None = None) -> Benchmark:
    """Read HumanEval+ or MBPP+ from its upstream file.

    rules: "0.2" or "0.3"; None means the release line that the version belongs to. Raises AssayError for other rules
    and for a file that is missing or damaged.
    """
    rules = default_rules(source) if rules is None else rules
    if rules not in RULES:
        raise AssayError(f"There are no EvalPlus rules {rules!r}. Known: {', '.join(RULES)}.")
    data = load_rows(source, data_dir, FIELDS)
    try:
        tasks = tuple(task_from_row(row, source.name, rules, data.sha256) for row in data.rows)
    except (TypeError, ValueError, IndexError, AttributeError) as error:
        raise AssayError(f"{data.path} has an input that does not fit its task: {error}.") from None
    return Benchmark(source.spec, tasks, data.sha256, source.url, PARTS)


def task_from_row(row: dict[str, Any], name: str, rules: str, data_sha256: str) -> Task:
    """The task of one row. name: "humaneval+" or "mbpp+". rules: "0.2" or "0.3"."""
    task_id = row["task_id"]
    reference = row["prompt"] + row["canonical_solution"]
    special, known_to = _SPECIAL.get((name, row["entry_point"]), ("", ()))
    oracle = Oracle(rules, special if rules in known_to else "", float(row["atol"]))
    inputs = {part: _inputs(task_id, row[f"{part}_input"], name) for part in PARTS}

    def check(official: bool) -> DifferentialCheck:
        return DifferentialCheck(
            entry_point=row["entry_point"],
            reference=reference,
            inputs=inputs,
            oracle=oracle,
            min_time_s=MIN_TIME_S,
            time_factor=TIME_FACTOR,
            task_cap_s=TASK_CAP_S,
            official=official,
            key=f"{data_sha256[:16]}/{task_id}",
        )

    return Task(
        task_id=task_id,
        prompt=row["prompt"],
        entry_point=row["entry_point"],
        reference=reference,
        checks={"official": check(official=True), "hardened": check(official=False)},
        stops=STOPS[name],
    )


def _inputs(task_id: str, inputs: list[Any] | dict[str, Any], name: str) -> Inputs:
    if isinstance(inputs, dict):
        if inputs:
            raise TypeError(f"the inputs of {task_id} are an object, not a list")
        return Inputs.of(())
    if name != "mbpp+":
        return Inputs.of(inputs)
    number = int(task_id.rpartition("/")[2])
    return Inputs.of(repair(number, arguments) for arguments in inputs)
