"""One piece of the plan becomes one part: documents, what was dropped, counts. Runs in a worker."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay.corpus import contamination, pairs, plan, secrets, steps
from assay.corpus.document import Document
from assay.corpus.draft import Draft, Entry, Licence, Repository
from assay.corpus.duplicates import Collector
from assay.corpus.funnel import Funnel
from assay.corpus.licences import alias
from assay.corpus.options import Options
from assay.corpus.rules import Dropped
from assay.corpus.sources import tabular
from assay.corpus.table import COLUMNS, Writer, as_row

# One row per file that was left out. excerpt: how its text begins.
DROPPED = pa.schema(
    [(name, pa.string()) for name in ("repository", "path", "rule", "detail", "excerpt")] + [("bytes", pa.int64())]
)
EXCERPT = 400
DOCUMENTS, PAIRS, LEFT_OUT, COUNTS = "documents.parquet", "pairs.parquet", "dropped.parquet", "counts.json"
# A pair goes with the file it comes from. parent: row of that file in the part.
PAIR_COLUMNS = COLUMNS.append(pa.field("parent", pa.int32()))


@dataclass(frozen=True)
class Part:
    """What a worker reports. number: of the piece. funnel: of this part alone."""

    number: int
    funnel: Funnel
    documents: int
    pairs: int = 0


def folder_of(work: Path, number: int) -> Path:
    """Where a part lies. It is there whole or not at all."""
    return work / "parts" / f"{number:06d}"


def load(folder: Path, number: int) -> Part | None:
    """The report of a part that was made earlier; None if it is not there."""
    try:
        body = json.loads((folder / COUNTS).read_bytes())
    except FileNotFoundError:
        return None
    return Part(number, Funnel.from_json(body["funnel"]), body["documents"], body["pairs"])


def make(line: str, options: Options, work: Path) -> Part:
    """Carry out one line of the plan.

    Syntax trees are many objects and no cycles: looking for cycles among them would cost a fifth of the time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _make(json.loads(line), options, work)
    finally:
        if collecting:
            gc.enable()
        gc.collect()


def _make(piece: plan.Piece, options: Options, work: Path) -> Part:
    number = piece["number"]
    target = folder_of(work, number)
    spare = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(spare, ignore_errors=True)
    spare.mkdir(parents=True)
    funnel = Funnel()
    known = contamination.index(work) if options.decontaminate else None
    collector = Collector(near=options.near > 0)
    with (
        Writer(spare / DOCUMENTS) as documents,
        Writer(spare / PAIRS, PAIR_COLUMNS) as paired,
        Writer(spare / LEFT_OUT, DROPPED) as left_out,
    ):
        for repository, entry, found in _read(piece, options):
            funnel.saw(entry.bytes)
            draft = found if isinstance(found, Draft) else None
            try:
                if isinstance(found, Dropped):
                    raise found
                steps.run(found, options, known)
            except Dropped as dropped:
                funnel.drop(dropped.rule, entry.bytes)
                left_out.write(_left_out(repository, entry, dropped, draft))
                continue
            funnel.replace(found.replaced)
            document = _document(found, options)
            for pair in pairs.functions(found):
                about = _pair(document, pair)
                paired.write(as_row(about) | {"parent": documents.rows})
                collector.add_pair(about.sha256, documents.rows)
            documents.write(as_row(document))
            collector.add(document.text, document.sha256, document.weight, entry.bytes)
        kept = documents.rows
    collector.save(spare)
    (spare / COUNTS).write_text(json.dumps({"funnel": funnel.as_json(), "documents": kept, "pairs": paired.rows}))
    spare.replace(target)
    return Part(number, funnel, kept, paired.rows)


def _read(piece: plan.Piece, options: Options) -> Iterator[tuple[Repository, Entry, Draft | Dropped]]:
    if "rows" in piece:
        yield from _rows(tabular.Range(*piece["rows"]), options)
        return
    for repository, entry in plan.entries(piece):
        try:
            if entry.rule:
                raise Dropped(entry.rule, entry.detail)
            data = _bytes(entry, options)
            if entry.file.endswith("/METADATA"):  # a package's README is the body of its metadata
                data = data.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
            yield repository, entry, Draft(repository, entry.path, data, entry.licence)
        except Dropped as dropped:
            yield repository, entry, dropped


def _bytes(entry: Entry, options: Options) -> bytes:
    """The content of a file, of which never more than `most_bytes` is read, whatever the file has become meanwhile."""
    try:
        # Without O_NONBLOCK a pipe that took the place of the file would hold the build for ever.
        fd = os.open(entry.file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise Dropped("not a file", stat.filemode(status.st_mode))
            if status.st_size > options.most_bytes:
                raise Dropped("too large", f"{status.st_size:,} bytes")
            data = file.read(options.most_bytes + 1)
    except OSError as error:
        raise Dropped("unreadable", error.strerror or str(error)) from None
    if len(data) > options.most_bytes:
        raise Dropped("too large", f"more than {options.most_bytes:,} bytes")
    return data


def _rows(piece: tabular.Range, options: Options) -> Iterator[tuple[Repository, Entry, Draft | Dropped]]:
    name = Path(piece.file).stem
    for row in tabular.rows(piece, options.most_bytes):
        path = str(row.fields.get("path") or f"{piece.start}/{row.number}")
        repository = Repository(str(row.fields.get("repository") or name), piece.source)
        entry = Entry(path, piece.file, row.bytes)
        if row.text is None:
            yield repository, entry, Dropped("broken row", row.problem)
        elif row.bytes > options.most_bytes:
            yield repository, entry, Dropped("too large", f"{row.bytes:,} bytes")
        else:
            stated = row.fields.get("licence")
            names = [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
            licence = " AND ".join(filter(None, (alias(str(each)) for each in names)))
            draft = Draft(repository, path, b"", Licence(licence, "row" if licence else ""))
            draft.data = row.text.encode("utf-8", "surrogatepass")
            draft.language = _language(row.fields.get("language"))
            yield repository, entry, draft


def _language(stated: Any) -> str:
    from assay.tasks.languages import canonical_language

    return canonical_language(stated).lower() if isinstance(stated, str) else ""


def _document(draft: Draft, options: Options) -> Document:
    return Document(
        text=draft.text,
        language=draft.language,
        repository=draft.repository.name,
        path=draft.path,
        split=steps.split(draft.repository.name, draft.path, options),
        weight=draft.weight,
        licence=draft.licence.expression,
        licence_from=draft.licence.found_in,
        source=draft.repository.source,
        revision=draft.repository.revision,
        sha256=draft.sha256,
        imports=draft.imports,
        signals=draft.signals,
    )


def _pair(parent: Document, pair: pairs.Pair) -> Document:
    return replace(
        parent,
        kind="pair",
        text=pair.whole,
        path=f"{parent.path}:{pair.name}",
        sha256=hashlib.sha256(pair.whole.encode()).hexdigest(),
        parts=(pair.description, pair.code),
        imports=(),
        signals={"characters": len(pair.whole), "lines": pair.whole.count("\n")},
    )


def _left_out(repository: Repository, entry: Entry, dropped: Dropped, draft: Draft | None) -> dict[str, Any]:
    return {
        "repository": repository.name,
        "path": entry.path,
        "rule": dropped.rule,
        "detail": dropped.detail,
        "excerpt": secrets.replace(draft.text[:EXCERPT], draft.language)[0] if draft else "",
        "bytes": entry.bytes,
    }
