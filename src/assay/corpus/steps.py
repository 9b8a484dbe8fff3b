"""What happens to one file, from its bytes to a document: the pipeline on one screen."""

from __future__ import annotations

import hashlib

from assay.corpus import comments, contamination, decode, imports, language, licences, secrets, shape, syntax
from assay.corpus.draft import Draft
from assay.corpus.options import Options
from assay.corpus.rules import Dropped


def run(draft: Draft, options: Options, known: contamination.Index | None = None) -> None:
    """Take a file through every step that needs no other file. Raises Dropped by the first rule against it."""
    draft.text = decode.decode(draft.data, python=draft.path.endswith((".py", ".pyi", ".pyw")))
    draft.language = draft.language or language.identify(draft.path, draft.text)
    if not draft.language:
        raise Dropped("unknown language", "no #! line")
    if options.languages and draft.language not in options.languages:
        raise Dropped("language not asked for", draft.language)
    shape.generated(draft)
    shape.lines(draft)
    secrets.step(draft)
    syntax.check(draft)
    comments.weigh(draft)
    licences.check(draft, options.allow)
    if known is not None:
        contamination.check(draft, known)
    draft.imports = draft.imports or imports.of_text(draft.text, draft.language)
    draft.text = draft.text.rstrip() + "\n"
    draft.sha256 = hashlib.sha256(draft.text.encode()).hexdigest()


def decode_only(draft: Draft) -> None:
    """The text and the language of a file that is not kept for itself, without its secrets."""
    draft.text = decode.decode(draft.data, python=draft.path.endswith(".py"))
    draft.language = language.identify(draft.path, draft.text)
    secrets.step(draft)


def split(repository: str, path: str, options: Options) -> str:
    """The split of a file: by hashes of names, so that it stays where it is when others come."""
    if _share(repository) < options.held_out:
        return "held_out"
    return "held_out_file" if _share(f"{repository}\0{path}") < options.held_out_files else "train"


def _share(name: str) -> float:
    """Evenly spread from 0 to 1."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big") / 2**64
