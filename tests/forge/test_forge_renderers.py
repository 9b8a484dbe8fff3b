"""References in five more languages: each gives what Python gives, on every primitive and kind of statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assay.forge import agreement, ir
from assay.forge.render import RENDERERS
from assay.forge.task import ForgeTask
from assay.sandbox import Sandbox
from assay.sandbox.languages import LANGUAGES
from assay.sandbox.toolchain import missing
from forge_programs import programs


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def need(language: str) -> None:
    if lacking := missing(LANGUAGES[language]):
        pytest.skip(f"no toolchain for {language}: {lacking}")


def pair(name: str, language: str) -> agreement.Pair:
    task, program = next((task, program) for task, program in programs() if task.task_id == name)
    return task, agreement.rendered(program, language)


def test_every_primitive_is_tried() -> None:
    used = {node.name for _, program in programs() for node in ir.walk(program) if isinstance(node, ir.Prim)}
    assert used == set(ir.PRIMITIVES)


@pytest.mark.parametrize("language", RENDERERS)
def test_all_programs_give_what_python_gives(language: str, sandbox: Sandbox) -> None:
    need(language)
    pairs = [(task, agreement.rendered(program, language)) for task, program in programs()]
    assert agreement.check(sandbox, language, pairs) == {}


def test_a_reference_that_differs_is_found_among_others(sandbox: Sandbox) -> None:
    need("javascript")
    task, source = pair("floor_div", "javascript")
    wrong = replace(source, functions=(source.functions[-1].replace("Math.floor", "Math.trunc"),))
    found = agreement.check(sandbox, "javascript", [pair("sum", "javascript"), (task, wrong), pair("at", "javascript")])
    assert found == {"floor_div": "(-7, 3) gives -2, not -3"}


def test_a_reference_that_does_not_run_is_found_among_others(sandbox: Sandbox) -> None:
    need("javascript")
    task, source = pair("floor_div", "javascript")
    wrong = replace(source, functions=("function f(n, m) {\n  return nothing;\n}\n",))
    pairs: list[tuple[ForgeTask, agreement.Source]] = [
        pair("sum", "javascript"),
        (task, wrong),
        pair("at", "javascript"),
    ]
    assert list(agreement.check(sandbox, "javascript", pairs)) == ["floor_div"]


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        (
            "cpp",
            "floor_mod",
            "long long f(long long n, long long m) {\n    return floor_mod(n, m);\n}\n",
        ),
        ("cpp", "is_multiple", "bool f(long long n, long long m) {\n    return n % 3 == 0;\n}\n"),
        ("go", "choice", "func f(n int, m int) int {\n\tif n < m {\n\t\treturn n\n\t}\n\treturn m + 1\n}\n"),
        (
            "java",
            "same_ends",
            "static boolean f(List<Long> a) {\n    return a.get(0).equals(a.get(a.size() - 1));\n}\n",
        ),
        (
            "rust",
            "joined",
            "fn f(s: &str) -> String {\n    let mut text = String::new();\n    for c in s.chars() {\n"
            "        if c.is_ascii_alphabetic() {\n"
            '            text.push_str(&format!("{}{}", c, c));\n        }\n    }\n    text\n}\n',
        ),
        (
            "javascript",
            "most",
            "function f(a) {\n  const values = a.filter((x) => x < 5);\n"
            "  return values.length > 0 ? Math.max(...values) : -1;\n}\n",
        ),
    ],
)
def test_code_is_written_as_people_write_it(language: str, name: str, text: str) -> None:
    assert pair(name, language)[1].functions[-1] == text
