"""Changes from git history: the file before, the message, the file after.

Which changes are worth learning follows CommitPackFT (OctoPack, arXiv 2308.07124): one file changed, a message that
begins with a verb in the imperative, files that are not too long, nothing automatic.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.corpus import contamination, licences, secrets, steps, workers
from assay.corpus.document import Document
from assay.corpus.draft import Draft, Licence, Repository
from assay.corpus.language import by_name
from assay.corpus.names import listed
from assay.corpus.options import Options
from assay.corpus.progress import Watch
from assay.corpus.rules import Dropped
from assay.corpus.shards import Shard
from assay.corpus.sources import folder, git
from assay.corpus.table import Writer, as_row

MOST_CHARACTERS, MOST_CHANGED_LINES = 50_000, 200
LEAST_MESSAGE, MOST_MESSAGE, LEAST_WORDS = 10, 1000, 3
_VERBS = frozenset(
    listed("""
abort accept access account act adapt add adjust align allow alter amend annotate append apply assert assign
attach avoid break bring build bypass cache calculate call cast catch change check clarify clean clear close
collapse combine comment compare compile complete compute configure connect consolidate constrain convert copy
correct create customize cut decode decouple decrease default defer define delay delete deprecate detect disable
discard display document do drop emit enable encapsulate encode enforce ensure escape evaluate exclude expand
explain export expose extend extract fail fall filter finish fix flatten flush force format generate get give
group handle hide ignore implement import improve include increase indent inherit initialize inline insert
install integrate introduce invert isolate keep let limit link list load localize lock log loosen lower make
mark match merge minimize mock modify move name normalize omit open optimize order override parse pass patch
perform permit place point polish prefer prepare prevent print propagate protect provide prune publish pull push
put raise read rearrange recognize record reduce refactor reformat register relax release remove rename render
reorder reorganize replace report require reset resolve restore restrict return reuse revise rework rewrite
round run sanitize save separate serialize set share shorten show silence simplify skip sort specify speed split
standardize start stop store streamline strip support suppress swap switch sync test throw tidy toggle track
transform translate trim try turn tweak unify unwrap update upgrade use validate verify wait warn wrap write
""")
)
_AUTOMATIC = re.compile(
    r"^(?:merge|revert|bump|release|version|wip|fixup!|squash!)\b|https?://|dependabot|\[bot\]", re.I
)
_TRAILER = re.compile(
    r"^(?:signed-off-by|co-authored-by|reviewed-by|change-id|cc|fixes|closes|refs?):? .*$", re.I | re.M
)


@dataclass(frozen=True)
class Change:
    """One file changed by one commit. before, after: names of the two blobs."""

    commit: str
    message: str
    path: str
    before: str
    after: str


def write(options: Options, work: Path, out: Path, cores: int, watch: Watch) -> list[Shard]:
    """A shard per git repository among the sources."""
    if not options.commits:
        return []
    taken: dict[str, str] = {}
    found = [
        (repository, root)
        for source in options.sources
        if Path(source).is_dir()
        for repository, root in folder.repositories(source, taken)
    ]
    jobs = [(number, *each) for number, each in enumerate(found)]
    watch.begin("reading history", len(jobs), "repositories")
    written: list[Shard] = []
    for shard in workers.each(functools.partial(_write, options=options, work=work, out=out), jobs, cores):
        written += [shard] if shard else []
        watch.advance(1)
    return written


def _write(job: tuple[int, Repository, Path], options: Options, work: Path, out: Path) -> Shard | None:
    number, repository, root = job
    path = out / f"commit-{number:05d}.parquet"
    characters, seen = 0, set()
    with Writer(path) as writer:
        for document in documents(repository, root, options, work):
            if document.sha256 not in seen:
                seen.add(document.sha256)
                writer.write(as_row(document))
                characters += len(document.text)
    if not writer.rows:
        path.unlink()
        return None
    return Shard(path.name, "commit", writer.rows, characters)


def documents(repository: Repository, root: Path, options: Options, work: Path) -> Iterator[Document]:
    """The changes of a repository that pass the rules for files: the file afterwards all of them, the file before and
    the message those on secrets and benchmarks.
    """
    known = contamination.index(work) if options.decontaminate else None
    licence = licences.of_folder(root)
    wanted = list(changes(root, options.commits))
    for change, before, after in zip(wanted, *_blobs(root, wanted), strict=True):
        try:
            document = _document(repository, change, before, after, licence, options, known)
        except Dropped:
            continue
        if document is not None:
            yield document


def changes(root: Path, most: int) -> Iterator[Change]:
    """The newest `most` commits, of those that change one file and say why."""
    log = git.run(
        root, "log", f"-n{most}", "--no-merges", "--no-renames", "--raw", "--no-abbrev", "--format=%x1e%H%x1f%B%x1f"
    )
    for record in (log or b"").decode("utf-8", "replace").split("\x1e")[1:]:
        commit, message, listing = record.split("\x1f", 2)
        files = [line for line in listing.split("\n") if line.startswith(":")]
        if len(files) != 1 or not is_telling(message):
            continue
        about, _, path = files[0].partition("\t")
        old_mode, new_mode, before, after, status = about[1:].split()
        if status == "M" and old_mode == new_mode and new_mode.startswith("100") and by_name(path):
            yield Change(commit, clean(message), path, before, after)


def clean(message: str) -> str:
    """Without trailers and without secrets."""
    return secrets.replace(_TRAILER.sub("", message).strip())[0]


def is_telling(message: str) -> bool:
    """Whether a message says what was done, in the imperative, and was written by a person."""
    message = message.strip()
    subject = message.split("\n", 1)[0]
    words = re.findall(r"[A-Za-z]+", subject)
    return (
        LEAST_MESSAGE <= len(message) <= MOST_MESSAGE
        and len(words) >= LEAST_WORDS
        and words[0].lower() in _VERBS
        and not _AUTOMATIC.search(message)
    )


def _blobs(root: Path, wanted: list[Change]) -> tuple[list[bytes], list[bytes]]:
    """The contents before and after, read by one git process; b"" for what is too long."""
    if not wanted:
        return [], []
    names = [name for change in wanted for name in (change.before, change.after)]
    process = subprocess.Popen(
        git.command(root, "cat-file", "--batch"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=git.environment(),
    )
    assert process.stdin and process.stdout
    contents = []
    with process:
        for name in names:
            process.stdin.write(f"{name}\n".encode())
            process.stdin.flush()
            header = process.stdout.readline().split()
            if len(header) != 3:
                contents.append(b"")
                continue
            content = process.stdout.read(int(header[2]) + 1)[:-1]
            contents.append(content if len(content) <= MOST_CHARACTERS else b"")
        process.stdin.close()
    return contents[0::2], contents[1::2]


def _document(
    repository: Repository,
    change: Change,
    before: bytes,
    after: bytes,
    licence: Licence,
    options: Options,
    known: contamination.Index | None,
) -> Document | None:
    if not before or not after:
        return None
    new = Draft(repository, change.path, after, licence)
    steps.run(new, options, known)
    old = Draft(repository, change.path, before, licence)
    steps.decode_only(old)
    diff = list(difflib.unified_diff(old.text.splitlines(), new.text.splitlines(), lineterm="", n=3))
    changed = sum(line[:1] in ("+", "-") for line in diff[2:])
    if not 0 < changed <= MOST_CHANGED_LINES:
        return None
    text = f"{change.message}\n\n--- a/{change.path}\n+++ b/{change.path}\n" + "\n".join(diff[2:]) + "\n"
    if known is not None and (known.by_words(old.text) or known.by_words(text)):
        return None
    signals: dict[str, Any] = {"characters": len(text), "lines": text.count("\n")}
    return Document(
        text=text,
        kind="commit",
        language=new.language,
        repository=repository.name,
        path=change.path,
        split=steps.split(repository.name, change.path, options),
        licence=new.licence.expression,
        licence_from=new.licence.found_in,
        source=repository.source,
        revision=change.commit,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        parts=(change.message, old.text, new.text),
        signals=signals,
    )
