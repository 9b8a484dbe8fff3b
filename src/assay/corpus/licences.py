"""Licences: which one holds for a file, and whether it may be learnt from."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assay.corpus.draft import Draft, Licence
from assay.corpus.language import PROSE, by_name
from assay.corpus.licence_texts import of_head, of_text
from assay.corpus.rules import Dropped

if TYPE_CHECKING:
    from importlib.metadata import Distribution

# Licences that ask for no more than to be named: the sense of the permissive lists of The Stack and Blue Oak.
_PERMISSIVE = """
0BSD AFL-3.0 Apache-2.0 Artistic-2.0 BlueOak-1.0.0 BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause
BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-4-Clause BSL-1.0 bzip2-1.0.6 CC0-1.0 CNRI-Python curl ECL-2.0 FTL HPND ICU
ISC JSON libpng-2.0 MIT MIT-0 MIT-CMU MS-PL NCSA OFL-1.1 OpenSSL PHP-3.01 PostgreSQL PSF-2.0 Python-2.0 Python-2.0.1
Ruby SMLNJ TCL Unicode-3.0 Unicode-DFS-2016 Unlicense UPL-1.0 Vim W3C WTFPL X11 Xnet Zlib ZPL-2.1
"""
PERMISSIVE = frozenset(_PERMISSIVE.split())
# What people write into metadata -> SPDX. Compared in lower case without "license", "the" and marks.
_ALIASES = {
    "mit": "MIT",
    "expat": "MIT",
    "apache": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2 0": "Apache-2.0",
    "apache version 2 0": "Apache-2.0",
    "apache software": "Apache-2.0",
    "apache software 2 0": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "new bsd": "BSD-3-Clause",
    "modified bsd": "BSD-3-Clause",
    "3 clause bsd": "BSD-3-Clause",
    "bsd 3 clause": "BSD-3-Clause",
    "bsd 3": "BSD-3-Clause",
    "revised bsd": "BSD-3-Clause",
    "2 clause bsd": "BSD-2-Clause",
    "simplified bsd": "BSD-2-Clause",
    "bsd 2 clause": "BSD-2-Clause",
    "isc": "ISC",
    "isc iscl": "ISC",
    "psf": "PSF-2.0",
    "psf 2 0": "PSF-2.0",
    "python software foundation": "PSF-2.0",
    "unlicense": "Unlicense",
    "public domain": "Unlicense",
    "zlib": "Zlib",
    "zlib libpng": "Zlib",
    "mpl": "MPL-2.0",
    "mpl 2 0": "MPL-2.0",
    "mozilla public 2 0": "MPL-2.0",
    "mozilla public 2 0 mpl 2 0": "MPL-2.0",
    "gpl": "GPL-2.0-or-later",
    "gplv2": "GPL-2.0-or-later",
    "gpl v2": "GPL-2.0-or-later",
    "gpl v3": "GPL-3.0-or-later",
    "gplv3": "GPL-3.0-or-later",
    "gnu gpl": "GPL-2.0-or-later",
    "gnu general public v2 gplv2": "GPL-2.0-only",
    "gnu general public v3 gplv3": "GPL-3.0-only",
    "gnu general public v3 or later gplv3": "GPL-3.0-or-later",
    "gnu general public v2 or later gplv2": "GPL-2.0-or-later",
    "lgpl": "LGPL-2.1-or-later",
    "gnu lesser general public v3 lgplv3": "LGPL-3.0-only",
    "gnu library or lesser general public lgpl": "LGPL-2.1-or-later",
    "gnu affero general public v3": "AGPL-3.0-only",
    "historical permission notice and disclaimer hpnd": "HPND",
}
_LICENCE_FILE = re.compile(r"(?:un)?licen[cs]e(?:[-_.].*)?$|copying(?:[-_.].*)?$|.*[-_.]licen[cs]e(?:\.\w+)?$", re.I)
_MOST_BYTES = 200_000
_TOKEN = re.compile(r"[()]|[^\s()]+")


def of_folder(folder: Path) -> Licence:
    """What the licence files and manifests at the top of a folder say."""
    try:
        names = sorted(item.name for item in folder.iterdir())
    except OSError:
        return Licence()
    found = nearer(str(folder), names, Licence())
    return found if found.expression else _manifest(folder)


def nearer(folder: str, names: Sequence[str], above: Licence) -> Licence:
    """The licence of a folder with these files in it: its own where it has a licence file, else the one above."""
    found: list[tuple[str, str]] = []
    for name in names:
        if _LICENCE_FILE.match(name) and by_name(name) in PROSE | {""}:
            path = Path(folder, name)
            if not path.is_symlink() and path.is_file() and (expression := of_file(path)):
                found.append((name, expression))
    if not found:
        return above
    # LICENSE-MIT beside LICENSE-APACHE is an offer to choose; other files beside each other all hold.
    expressions = list(dict.fromkeys(expression for _, expression in found))
    choice = all(re.match(r"licen[cs]e[-_]", name, re.I) for name, _ in found)
    joined = (" OR " if choice else " AND ").join(expressions)
    return Licence(joined, found[0][0])


def of_file(path: Path) -> str:
    """The licence that a licence file holds, "" if it is none that is known. Of several, the first: the file's own."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    names = of_text(text)
    return names[0] if names else alias(text) if len(text) < 200 else ""


def _manifest(folder: Path) -> Licence:
    """pyproject.toml, Cargo.toml and package.json have a field for it."""
    for name, keys in (
        ("pyproject.toml", ("project", "license")),
        ("Cargo.toml", ("package", "license")),
        ("package.json", ("license",)),
    ):
        try:
            text = (folder / name).read_text(encoding="utf-8")
            body = tomllib.loads(text) if name.endswith("toml") else json.loads(text)
        except (OSError, ValueError):
            continue
        for key in keys:
            body = body.get(key, "") if isinstance(body, dict) else ""
        body = body.get("text", "") if isinstance(body, dict) else body
        if isinstance(body, str) and body:
            return Licence(alias(body), name)
    return Licence()


def of_distribution(distribution: Distribution) -> Licence:
    """What an installed package's metadata says: its expression, else its field, its classifiers, its licence files."""
    fields = distribution.metadata
    if expression := fields["License-Expression"]:
        return Licence(expression, "METADATA License-Expression")
    stated = fields["License"] or ""
    if stated and (found := alias(stated) if len(stated) < 100 else " AND ".join(of_text(stated)[:1])):
        return Licence(found, "METADATA License")
    kinds = [c.rpartition(" :: ")[2] for c in fields.get_all("Classifier") or () if c.startswith("License ::")]
    if known := list(dict.fromkeys(filter(None, (alias(kind) for kind in kinds if kind != "OSI Approved")))):
        return Licence(" AND ".join(known), "METADATA Classifier")
    for file in distribution.files or ():
        is_one = ".dist-info/" in str(file) and _LICENCE_FILE.match(file.name)
        if is_one and (found := of_file(Path(str(distribution.locate_file(file))))):
            return Licence(found, file.name)
    return Licence()


def alias(text: str) -> str:
    """SPDX for what people write ("Apache License, Version 2.0"); an SPDX expression as it is; "" for anything else."""
    text = text.strip()
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"\b(licen[cs]ed?|the)\b", " ", text.lower())).strip()
    if found := _ALIASES.get(words) or _ALIASES.get(words.replace("clause", "").strip()):
        return found
    if re.fullmatch(r"[A-Za-z0-9.+-]+(?:(?:\s+(?:AND|OR|WITH)\s+|\s*/\s*)[A-Za-z0-9.+()-]+)*", text):
        return re.sub(r"\s*/\s*", " OR ", text)
    return ""


def allowed(expression: str, allow: Collection[str]) -> bool:
    """Whether an SPDX expression holds with these licences: OR needs one side, AND both; exceptions only widen.

    allow: SPDX names, compared without case; "permissive" stands for PERMISSIVE, "any" for everything.
    """
    if "any" in allow:
        return True
    names = {name.lower() for name in allow} | (
        {name.lower() for name in PERMISSIVE} if "permissive" in allow else set()
    )
    try:
        value, rest = _either(_TOKEN.findall(expression), names)
    except IndexError:
        return False
    return value and not rest


def _either(tokens: list[str], names: set[str]) -> tuple[bool, list[str]]:
    value, rest = _both(tokens, names)
    while rest and rest[0].upper() == "OR":
        other, rest = _both(rest[1:], names)
        value = value or other
    return value, rest


def _both(tokens: list[str], names: set[str]) -> tuple[bool, list[str]]:
    value, rest = _one(tokens, names)
    while rest and rest[0].upper() == "AND":
        other, rest = _one(rest[1:], names)
        value = value and other
    return value, rest


def _one(tokens: list[str], names: set[str]) -> tuple[bool, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "(":
        value, rest = _either(rest, names)
        return value, rest[1:]
    plain = re.sub(r"\+$|-or-later$|-only$", "", first.lower())
    if rest and rest[0].upper() == "WITH":
        rest = rest[2:]
    return first.lower() in names or plain in names, rest


def check(draft: Draft, allow: Collection[str]) -> None:
    """The file's own head decides, then its folder and repository. Raises Dropped for what is not allowed."""
    head = of_head(draft.text)
    if head.expression:
        draft.licence = head
    if not draft.licence.expression:
        if "none" not in allow and "any" not in allow:
            raise Dropped("no licence", draft.repository.name)
    elif not allowed(draft.licence.expression, allow):
        raise Dropped("licence not allowed", f"{draft.licence.expression} ({draft.licence.found_in})")
