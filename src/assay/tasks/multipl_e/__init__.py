"""MultiPL-E: HumanEval and MBPP translated to 18 languages; complete a function, its translated tests decide.

  multipl-e:cpp, multipl-e-mbpp:rust ...   upstream's rules
  multipl-e:csharp@qwen ...                the same tasks by the rules of Qwen's published evaluation, in the languages
                                           that it covers; its C# rows compare lists by their elements

Row: name ("HumanEval_23_strlen"), language, prompt, tests, stop_tokens. The program is prompt + completion, cut at the
first of the stop tokens, + newline + tests; in many languages the tests begin with the brace that closes the function.
What differs between languages is in one module per language, a `Language` record named LANGUAGE; adding one is adding
its module, and its name below.
Source: nuprl/MultiPL-E (rows, `evaluation/src/eval_*.py`); paper: Cassano et al., "MultiPL-E: A scalable and
extensible approach to benchmarking neural code generation" (2022). QwenLM/Qwen3-Coder, `qwencoder-eval/base`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.judge.checks import Check, HarnessCheck
from assay.tasks.data import load_rows
from assay.tasks.multipl_e import (
    bash,
    cpp,
    csharp,
    d,
    go,
    java,
    javascript,
    julia,
    lua,
    perl,
    php,
    r,
    racket,
    ruby,
    rust,
    scala,
    swift,
    typescript,
)
from assay.tasks.multipl_e.cases import UnknownTests, function_of
from assay.tasks.multipl_e.language import Language, Row
from assay.tasks.sources import Source
from assay.tasks.task import Benchmark, Task

LANGUAGES = {
    each.LANGUAGE.name: each.LANGUAGE
    for each in (
        cpp,
        csharp,
        d,
        go,
        java,
        javascript,
        typescript,
        julia,
        lua,
        perl,
        php,
        r,
        racket,
        ruby,
        rust,
        scala,
        bash,
        swift,
    )
}
QWEN = "qwen"
FIELDS = {"name": str, "prompt": str, "tests": str, "stop_tokens": list}
_SETS = (("multipl-e", "humaneval"), ("multipl-e-mbpp", "mbpp"))
_QWEN_CSHARP_SHA256 = "1c3fe18be10addc2d0b96311f4db192ae3232e08628d17768d889d6ab87be224"
_QWEN_ROWS = (
    "https://raw.githubusercontent.com/QwenLM/Qwen3-Coder/main/qwencoder-eval/base/benchmarks/multiple-eval/data"
)


def _upstream(name: str, rows: str, index: int, language: Language, version: str = "") -> Source:
    return Source(
        name=name,
        part=language.name,
        version=version,
        file=f"multipl_e/{rows}-{language.suffix}.jsonl.gz",
        url="",
        advice="Upstream publishes Parquet files. With the package datasets, in a folder that is named with --data: "
        f"load_dataset('nuprl/MultiPL-E', '{rows}-{language.suffix}', split='test').to_json("
        f"'multipl_e/{rows}-{language.suffix}.jsonl')",
        origin="nuprl/MultiPL-E",
        tasks=language.counts[index],
        licence="MIT",
        languages=(language.name,),
        kind="complete",
        sha256=language.sha256[index],
    )


def _qwen(language: Language) -> Source:
    if language.name != "csharp":
        return _upstream("multipl-e", "humaneval", 0, language, QWEN)
    return Source(
        name="multipl-e",
        part=language.name,
        version=QWEN,
        file="multipl_e_qwen/humaneval-cs.jsonl.gz",
        url=f"{_QWEN_ROWS}/humaneval-cs.jsonl",
        origin="QwenLM/Qwen3-Coder",
        tasks=158,
        licence="none stated",
        languages=(language.name,),
        kind="complete",
        sha256=_QWEN_CSHARP_SHA256,
    )


SOURCES = (
    *(
        _upstream(name, rows, index, language)
        for index, (name, rows) in enumerate(_SETS)
        for language in LANGUAGES.values()
    ),
    *(_qwen(language) for language in LANGUAGES.values() if language.published),
)


def load(source: Source, data_dir: Path | None = None) -> Benchmark:
    """Read one language's rows. Raises AssayError if the file is missing or damaged."""
    language = LANGUAGES[source.part]
    data = load_rows(source, data_dir, FIELDS)
    tasks = tuple(task_from_row(row, language, source.version) for row in data.rows)
    return Benchmark(source.spec, tasks, data.sha256, source.url)


def task_from_row(row: Row, language: Language, version: str = "") -> Task:
    """The task of one row. version: "" for upstream's rules, or QWEN."""
    official = language.published if version == QWEN and language.published else language.official
    checks: Mapping[str, Check] = {"official": official(row), "hardened": _hardened(row, language)}
    return Task(
        task_id=row["name"],
        prompt=row["prompt"],
        entry_point=function_of(row["tests"]),
        reference="",
        checks=checks,
        stops=tuple(row["stop_tokens"]),
        always_cut=True,
        closing=language.closing,
        language=language.name,
    )


def _hardened(row: Row, language: Language) -> HarnessCheck:
    """The harness; where the translators left tests that are no program of their language, those, as upstream has them.

    Two rows of 9,851 are like that. No answer to them compiles, and none could report a pass.
    """
    try:
        return language.hardened(row)
    except UnknownTests:
        official = language.official(row)
        return HarnessCheck(official.language, official.files, 1, limits=official.limits)
