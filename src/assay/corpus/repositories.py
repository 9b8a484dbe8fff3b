"""Documents of whole repositories: files in import order in Qwen2.5-Coder's format, and a README beside its code."""

from __future__ import annotations

import functools
import hashlib
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.corpus import part, workers
from assay.corpus.document import Document
from assay.corpus.imports import Member, order
from assay.corpus.language import DATA, PROSE
from assay.corpus.options import Options
from assay.corpus.progress import Watch
from assay.corpus.shards import Shard, left_out
from assay.corpus.table import Writer, as_row, from_row, rows

REPO_NAME, FILE_SEP = "<|repo_name|>", "<|file_sep|>"
# A job holds whole repositories up to that many characters; a larger repository is cut into jobs.
JOB_CHARACTERS = 48 << 20
LEAST_README, MOST_README_CODE = 200, 30_000
_README = re.compile(r"readme(?:\.(?:md|rst|txt|markdown))?$", re.I)
_DEFINED = re.compile(r"\b(?:def|class|func|fn|function|interface|struct|trait|enum)\s+([A-Za-z_]\w{3,})")


@dataclass(frozen=True)
class Job:
    """Consecutive documents of the build, as (part, first row, row after the last)."""

    number: int
    spans: tuple[tuple[int, int, int], ...]


def write(options: Options, work: Path, out: Path, parts: Sequence[part.Part], cores: int, watch: Watch) -> list[Shard]:
    """The shards of all repositories. A table with the rows of a repository apart from each other gives several."""
    if not options.repository_characters:
        return []
    jobs = list(_jobs(work, parts))
    watch.begin("putting repositories together", len(jobs), "batches")
    written: list[Shard] = []
    job = functools.partial(_write, work=work, out=out, most=options.repository_characters)
    for shards in workers.each(job, jobs, cores):
        written += shards
        watch.advance(1)
    return written


def _jobs(work: Path, parts: Sequence[part.Part]) -> Iterator[Job]:
    """Cut where a repository ends, or where it is too large."""
    spans: list[tuple[int, int, int]] = []
    number = characters = 0
    last: str | None = None
    for each in parts:
        first = 0
        columns = ("repository", "characters")
        for at, row in enumerate(rows(part.folder_of(work, each.number) / part.DOCUMENTS, columns)):
            ends = row["repository"] != last and characters >= JOB_CHARACTERS / 4
            if ends or characters >= JOB_CHARACTERS:
                if at > first:
                    spans.append((each.number, first, at))
                yield Job(number, tuple(spans))
                spans, number, characters, first = [], number + 1, 0, at
            last = row["repository"]
            characters += int(row["characters"] or 0)
        if each.documents > first:
            spans.append((each.number, first, each.documents))
    if spans:
        yield Job(number, tuple(spans))


def _write(job: Job, work: Path, out: Path, most: int) -> list[Shard]:
    repositories: dict[str, list[Document]] = {}
    for document in _documents(job, work):
        if document.split != "held_out_file":  # it would be learnt within the text of its repository
            repositories.setdefault(document.repository, []).append(document)
    shards = []
    for kind, name, make in (
        ("repository", "repository", functools.partial(whole, most=most)),
        ("pair", "readme", readme),
    ):
        path = out / f"{name}-{job.number:05d}.parquet"
        characters = 0
        with Writer(path, rows_a_group=32) as writer:
            for documents in repositories.values():
                for document in make(documents):
                    writer.write(as_row(document))
                    characters += len(document.text)
        if writer.rows:
            shards.append(Shard(path.name, kind, writer.rows, characters))
        else:
            path.unlink()
    return shards


def _documents(job: Job, work: Path) -> Iterator[Document]:
    """Those that are no duplicates."""
    dropped = left_out(work)
    starts = _starts(work)
    for number, first, after in job.spans:
        for at, row in enumerate(rows(part.folder_of(work, number) / part.DOCUMENTS)):
            if first <= at < after and starts[number] + at not in dropped:
                yield from_row(row)


@functools.lru_cache(maxsize=1)
def _starts(work: Path) -> list[int]:
    starts = [0]
    while made := part.load(part.folder_of(work, len(starts) - 1), len(starts) - 1):
        starts.append(starts[-1] + made.documents)
    return starts


def whole(documents: Sequence[Document], most: int) -> Iterator[Document]:
    """A repository as one text or several of at most `most` characters, each of two files or more.

    Configuration and prose other than the README take no part, nor files that spell out the marks themselves.
    """
    readmes = [document for document in documents if _is_readme(document)][:1]
    code = [each for each in documents if _is_code(each) and REPO_NAME not in each.text and FILE_SEP not in each.text]
    if not code:
        return
    members = [Member(document.path, document.language, document.imports) for document in code]
    text = ""
    files: list[Document] = []
    for document in (*readmes, *(code[number] for number in order(members))):
        piece = f"{FILE_SEP}{document.path}\n{document.text}"
        if files and len(text) + len(piece) > most:
            yield from _joined(text, files)
            text, files = "", []
        if len(piece) <= most:
            text = (text or f"{REPO_NAME}{document.repository}\n") + piece
            files.append(document)
    yield from _joined(text, files)


def _joined(text: str, files: list[Document]) -> Iterator[Document]:
    if len(files) < 2:
        return
    languages = [document.language for document in files if document.language not in PROSE]
    licences = sorted({document.licence for document in files if document.licence})
    yield replace(
        files[0],
        kind="repository",
        text=text,
        path="",
        language=max(sorted(set(languages)), key=languages.count, default=files[0].language),
        licence=" AND ".join(f"({each})" if " OR " in each else each for each in licences),
        weight=sum(document.weight for document in files) / len(files),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        imports=(),
        signals={"characters": len(text), "lines": text.count("\n")},
    )


def readme(documents: Sequence[Document]) -> Iterator[Document]:
    """The README of a repository with the file whose definitions it names most; none if it names none."""
    readmes = [document for document in documents if _is_readme(document) and len(document.text) >= LEAST_README]
    if not readmes:
        return
    words = set(re.findall(r"\w+", readmes[0].text))
    code = [each for each in documents if _is_code(each) and len(each.text) <= MOST_README_CODE]
    named = [len(words & set(_DEFINED.findall(document.text))) for document in code]
    if not any(named):
        return
    best = code[max(range(len(code)), key=lambda number: named[number])]
    text = f"{best.text}\n{readmes[0].text}"
    yield replace(
        best,
        kind="pair",
        text=text,
        path=f"{best.path}:{readmes[0].path}",
        parts=(readmes[0].text, best.text),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        imports=(),
        signals={"characters": len(text), "lines": text.count("\n")},
    )


def _is_readme(document: Document) -> bool:
    """The one at the top of the repository."""
    folder, name = posixpath.split(document.path)
    return not folder and bool(_README.match(name))


def _is_code(document: Document) -> bool:
    return document.language not in DATA | PROSE
