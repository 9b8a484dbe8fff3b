"""Answers that are whole programs in a language of the model's choice, as contests allow."""

from __future__ import annotations

from dataclasses import replace

from assay.errors import AssayError
from assay.tasks.extracted import Extracted
from assay.tasks.fences import Block, has_fence, split
from assay.tasks.languages import LANGUAGES, canonical_language
from assay.tasks.syntax import try_parse
from assay.tasks.task import Benchmark, Task

_WORDS = (
    "Solve the following problem. Write one whole {language} program that reads its input from stdin and writes its "
    "output to stdout, and put it into one fenced code block that names its language.\n\n"
)
_LINE_COMMENTS = {"lua": "--", "racket": ";"} | dict.fromkeys(("bash", "julia", "perl", "r", "ruby"), "#")
# Longer answers are taken as they are.
MAX_PARSED_CHARS = 256 * 1024
# Of an answer with more blocks than this, only the last ones are looked at.
MAX_BLOCKS = 50


def question(statement: str, language: str) -> str:
    """What a model that chats is asked."""
    return _WORDS.replace("{language}", language) + statement


def commented(statement: str, language: str) -> str:
    """The statement as a comment, for a model that continues text."""
    if language == "python":
        return f'"""\n{statement}\n"""\n'
    mark = _LINE_COMMENTS.get(language, "//")
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in statement.splitlines())


def in_language(benchmark: Benchmark, spelled: str) -> Benchmark:
    """The same tasks, asked for in another language; answers that name none are taken to be written in it.

    Raises AssayError for a language that is not known, and for tasks that leave no choice.
    """
    language = canonical_language(spelled)
    if language not in LANGUAGES:
        raise AssayError(f"--language {spelled!r} is not known. Known: {', '.join(LANGUAGES)}.")
    if not any(task.any_language for task in benchmark.tasks):
        raise AssayError(f"{benchmark.name} leaves no choice of language. Leave --language out.")
    return replace(benchmark, tasks=tuple(_asked_in(task, language) for task in benchmark.tasks))


def _asked_in(task: Task, language: str) -> Task:
    if not task.any_language:
        return task
    statement = task.instruction.removeprefix(question("", task.language))
    return replace(
        task, language=language, prompt=commented(statement, language), instruction=question(statement, language)
    )


def find_program(text: str, language: str, style: str) -> Extracted:
    """The program in an answer and its language: of the fenced block that holds it, or `language` where none says.

    Of several blocks the last one in `language` counts, else the longest in another language, else the longest that
    names none. style: "raw" and "base" take the text as it is; "auto" does so where it has no fence.
    """
    if not text.strip():
        return Extracted(text, "the answer is empty", language)
    if style in ("raw", "base") or len(text) > MAX_PARSED_CHARS or not has_fence(text):
        return Extracted(text, language=language)
    if style == "auto" and language == "python" and try_parse(text) is not None:
        return Extracted(text, language=language)
    blocks = [block for block in split(text)[1] if block.text.strip()][-MAX_BLOCKS:]
    tagged = [block for block in blocks if _language(block) in LANGUAGES]
    chosen = [block for block in tagged if _language(block) == language]
    if chosen:
        return Extracted(chosen[-1].text, language=language)
    for candidates in (tagged, [block for block in blocks if not block.language]):
        if candidates:
            longest = max(candidates, key=lambda block: len(block.text))
            return Extracted(longest.text, language=_language(longest) or language)
    return Extracted(text, "no block of a known programming language in the answer", language)


def _language(block: Block) -> str:
    return canonical_language(block.language)
