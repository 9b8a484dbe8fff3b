"""From answers to programs in languages that are not parsed: completions, repeated prompts, chat answers."""

from __future__ import annotations

import pytest

from assay.tasks.extract import extract
from assay.tasks.task import Task


def task(language: str, prompt: str, stops: tuple[str, ...], closing: str = "", entry_point: str = "twice") -> Task:
    return Task(
        task_id="t",
        prompt=prompt,
        entry_point=entry_point,
        reference="",
        checks={},
        stops=stops,
        always_cut=True,
        closing=closing,
        language=language,
    )


CPP = task("cpp", "#include<assert.h>\n// Doubles.\nlong twice(long n) {\n", ("\n}",), "}")
JAVA = task(
    "java",
    "import java.util.*;\nclass Problem {\n    // Doubles.\n    public static long twice(long n) {\n",
    ("\n    }\n",),
    "    }\n}",
)
RUBY = task("ruby", "# Doubles.\ndef twice(n)\n", ("\nclass", "\ndef", "\n#", "\n\n"))
GO = task(
    "go",
    'package twice_test\n\nimport (\n    "testing"\n    "fmt"\n)\n\n// Doubles.\nfunc twice(n int) int {\n',
    ("\nfunc", "struct", "\n// "),
)
PHP = task("php", "<?php\n// Doubles.\nfunction twice($n) {\n", ("\nfunction", "\n?>"))


@pytest.mark.parametrize("style", ["auto", "raw", "base"])
def test_a_completion_is_cut_at_the_first_stop_string_and_joined_to_the_prompt(style: str) -> None:
    assert (
        extract(CPP, "    return 2 * n;\n}\n\nint main() {}", style=style).program == CPP.prompt + "    return 2 * n;"
    )


def test_a_completion_that_repeats_the_prompt_is_not_joined_to_it_again() -> None:
    text = f"{CPP.prompt}\n    return 2 * n;\n}}\nint main() {{}}"
    assert extract(CPP, text).program == f"{CPP.prompt}\n    return 2 * n;"


def test_empty_lines_after_a_repeated_prompt_do_not_cut_it_there() -> None:
    text = f"{RUBY.prompt}\n  2 * n\nend\n\nputs twice(2)"
    assert extract(RUBY, text).program == f"{RUBY.prompt}\n  2 * n\nend"


def test_a_whole_program_is_taken_without_the_braces_that_the_tests_bring_along() -> None:
    program = extract(JAVA, "class Problem {\n static long twice(long n) {\n return 2 * n;\n }\n}\n", is_solution=True)
    assert program.program == "class Problem {\n static long twice(long n) {\n return 2 * n;"


def test_a_program_without_its_last_brace_keeps_the_one_that_closes_something_inside() -> None:
    cut = CPP.prompt + '    // halves {\n    if (n < 0) {\n        puts("{");\n        return -2 * -n;\n    }'
    assert extract(CPP, cut, is_solution=True, style="raw").program == cut
    assert extract(CPP, cut + "\n}\n", is_solution=True, style="raw").program == cut
    method = "class Problem {\n static long twice(long n) {\n  { return 2 * n; }"
    for ending in ("", "\n }", "\n }\n}"):
        program = extract(JAVA, method + ending, is_solution=True, style="raw").program
        assert program == method


def test_an_answer_without_text_is_a_problem() -> None:
    assert extract(CPP, " \n").problem == "the answer is empty"


def chat(language: str, code: str) -> str:
    return f"Sure, here it is:\n```{language}\n{code}\n```\nIt doubles, as in `twice(2)`."


def test_a_function_in_a_fence_is_given_what_only_the_prompt_has() -> None:
    answer = chat(
        "cpp", "#include <vector>\nlong helper(long n) {\n    return n;\n}\nlong twice(long n) {\n    return 2 * n;\n}"
    )
    assert extract(CPP, answer).program == (
        "#include<assert.h>\n#include <vector>\n"
        "long helper(long n) {\n    return n;\n}\nlong twice(long n) {\n    return 2 * n;"
    )


def test_a_method_in_a_fence_gets_its_class() -> None:
    answer = chat("java", "import java.io.*;\npublic static long twice(long n) {\n    return 2 * n;\n}")
    assert extract(JAVA, answer).program == (
        "import java.util.*;\nimport java.io.*;\nclass Problem {\npublic static long twice(long n) {\n    return 2 * n;"
    )


def test_a_class_in_a_fence_keeps_its_own() -> None:
    answer = chat("java", "class Problem {\n    public static long twice(long n) {\n        return 2 * n;\n    }\n}")
    assert extract(JAVA, answer).program == (
        "import java.util.*;\nclass Problem {\n    public static long twice(long n) {\n        return 2 * n;"
    )


def test_imports_of_go_are_put_together() -> None:
    answer = chat(
        "go", 'package main\n\nimport (\n    "fmt"\n    "strings"\n)\n\nfunc twice(n int) int {\n    return 2 * n\n}'
    )
    program = extract(GO, answer).program
    assert program.startswith('package twice_test\n\nimport (\n    "strings"\n')
    assert program.count('"fmt"') == program.count("import") == program.count("package") == 1
    assert "return 2 * n" in program


def test_an_opening_tag_is_not_repeated() -> None:
    assert extract(PHP, chat("php", "<?php\nfunction twice($n) { return 2 * $n; }")).program == (
        "<?php\nfunction twice($n) { return 2 * $n; }\n"
    )
    assert extract(PHP, chat("php", "function twice($n) { return 2 * $n; }")).program == (
        "<?php\nfunction twice($n) { return 2 * $n; }\n"
    )


def test_the_last_block_that_names_the_function_is_taken() -> None:
    two = chat("ruby", "def twice(n)\n  n\nend") + chat("ruby", "def twice(n)\n  2 * n\nend") + chat("ruby", "puts 4")
    assert extract(RUBY, two).program == "def twice(n)\n  2 * n\nend\n"


def test_a_body_alone_in_a_fence_continues_the_prompt() -> None:
    assert extract(CPP, "```cpp\n    return 2 * n;\n}\n```").program == f"{CPP.prompt}    return 2 * n;"
