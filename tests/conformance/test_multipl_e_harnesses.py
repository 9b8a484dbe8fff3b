"""Each row's harness is a program of its language: an answer that gives up reaches its first test.

And no answer compiles under one rule set alone. With ASSAY_SLOW some rows of each language are tried; docs/LOG.md has a
run of all.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.judge.judge import Judge
from assay.judge.verdict import VerdictKind
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import incomplete
from assay.tasks import catalog
from assay.tasks.multipl_e import SOURCES
from assay.tasks.sources import Source
from evaluated import SLOW, data_folder

MARK = "gives-up"
# A body that fits every function of the language, and says so when it is called.
GIVES_UP = {
    "bash": f"    echo {MARK} >&2; kill -9 $PPID $$\n",
    "cpp": f'    fputs("{MARK}", stderr); abort();',
    "csharp": f'        throw new Exception("{MARK}");',
    "d": f'{{\n    throw new Exception("{MARK}");\n}}',
    "go": f'    panic("{MARK}")\n}}',
    "java": f'        throw new RuntimeException("{MARK}");',
    "javascript": f'  throw new Error("{MARK}");\n}}',
    "julia": f'    error("{MARK}")\nend',
    "lua": f"  error('{MARK}')\nend",
    "perl": f"    die '{MARK}';\n}}",
    "php": f"    throw new Exception('{MARK}');\n}}",
    "r": f"  stop('{MARK}')\n}}",
    "racket": f'  (error "{MARK}"))',
    "ruby": f"  raise '{MARK}'\nend",
    "rust": f'    panic!("{MARK}")',
    "scala": f'        throw new RuntimeException("{MARK}")',
    "swift": f'    fatalError("{MARK}")',
    "typescript": f'  throw new Error("{MARK}");\n}}',
}
EVERY = 40  # one row of so many
# Rows that are no programs (docs/benchmarks/multipl-e.md), in languages where only running tells.
NO_PROGRAMS = ("mbpp_725_extract_quotation",)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.mark.skipif(not SLOW, reason="takes minutes: set ASSAY_SLOW=1 to compile some harnesses of each language")
@pytest.mark.parametrize("source", [s for s in SOURCES if not s.version], ids=lambda source: source.spec)
def test_harnesses_compile_where_upstreams_programs_do(judge: Judge, source: Source) -> None:
    (language,) = source.languages
    if lacking := incomplete(LANGUAGES[language]):
        pytest.skip(f"{language} is not installed: {lacking}")
    for task in catalog.load(source.spec, data_folder()).tasks[::EVERY]:
        program = task.prompt + GIVES_UP[language]
        official = judge.judge(task.checks["official"], program)
        hardened = judge.judge(task.checks["hardened"], program)
        assert VerdictKind.accepted not in (official.kind, hardened.kind), task.task_id
        if official.kind is VerdictKind.compile_error:
            assert hardened.kind is VerdictKind.compile_error, (task.task_id, hardened)
        elif language == "perl" and task.task_id in NO_PROGRAMS:
            assert MARK not in official.output and MARK not in hardened.output
        else:
            assert MARK in official.output, (task.task_id, official)
            assert MARK in hardened.output, (task.task_id, hardened)
