"""Words by which licences are known. All texts are compared as lower-case words with single spaces (`normalised`)."""

from __future__ import annotations

import re

from assay.corpus.draft import Licence

# Whole licence texts and the usual notices: SPDX name -> any of these, each a tuple of phrases that must all occur.
# More particular licences stand before those whose words they contain.
_MIT = (
    "permission is hereby granted free of charge to any person obtaining a copy of this software and associated "
    "documentation files the software to deal in the software without restriction",
)
_BSD = "redistribution and use in source and binary forms with or without modification are permitted"
_GRANT = (
    "permission to use copy modify and or distribute this software for any purpose with or without fee "
    "is hereby granted"
)
PHRASES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    (
        "AGPL-3.0-or-later",
        (("gnu affero general public license version 3",), ("terms of the gnu affero general public",)),
    ),
    ("LGPL-3.0-or-later", (("gnu lesser general public license version 3",),)),
    (
        "LGPL-2.1-or-later",
        (
            ("gnu lesser general public license version 2 1",),
            ("gnu library general public license version 2",),
            ("terms of the gnu lesser general public",),
            ("terms of the gnu library general public",),
        ),
    ),
    ("GPL-3.0-or-later", (("gnu general public license version 3",), ("terms of the gnu general public", "version 3"))),
    ("GPL-2.0-or-later", (("gnu general public license version 2",), ("terms of the gnu general public",))),
    ("SSPL-1.0", (("server side public license",),)),
    ("BUSL-1.1", (("business source license 1 1",),)),
    ("Elastic-2.0", (("elastic license 2 0",), ("elastic license version 2 0",))),
    ("MPL-2.0", (("mozilla public license version 2 0",), ("mozilla public license v 2 0",))),
    ("MPL-1.1", (("mozilla public license version 1 1",),)),
    ("EPL-2.0", (("eclipse public license v 2 0",), ("eclipse public license version 2 0",))),
    ("EPL-1.0", (("eclipse public license v 1 0",), ("eclipse public license version 1 0",))),
    ("CDDL-1.0", (("common development and distribution license",),)),
    ("EUPL-1.2", (("european union public licence v 1 2",), ("european union public licence eupl v 1 2",))),
    ("CC-BY-NC-4.0", (("attribution noncommercial",), ("creative commons", "noncommercial"))),
    ("CC-BY-SA-4.0", (("attribution sharealike",), ("creative commons", "sharealike"))),
    ("CC-BY-4.0", (("creative commons attribution 4 0",), ("attribution 4 0 international",))),
    ("CC0-1.0", (("cc0 1 0 universal",),)),
    (
        "Apache-2.0",
        (("apache license version 2 0 january 2004",), ("licensed under the apache license version 2 0",)),
    ),
    ("MIT-0", ((*_MIT, "mit no attribution"),)),
    ("MIT", (_MIT,)),
    ("BSD-4-Clause", ((_BSD, "all advertising materials mentioning features"),)),
    (
        "BSD-3-Clause",
        ((_BSD, "neither the name"), (_BSD, "may not be used to endorse"), (_BSD, "may be used to endorse")),
    ),
    ("BSD-2-Clause", ((_BSD, "this list of conditions"), (_BSD, "following conditions"))),
    ("ISC", ((_GRANT, "provided that the above copyright notice"),)),
    ("0BSD", ((_GRANT,),)),
    (
        "HPND",
        (
            ("permission to use copy modify and distribute this software and its documentation for any purpose",),
            ("permission to use copy modify and distribute this software for any purpose", "without fee"),
        ),
    ),
    ("Zlib", (("without any express or implied warranty", "origin of this software must not be misrepresented"),)),
    ("Unlicense", (("free and unencumbered software released into the public domain",),)),
    (
        "PSF-2.0",
        (("python software foundation license version 2",), ("licensed to psf under a contributor agreement",)),
    ),
    ("BSL-1.0", (("boost software license version 1 0",),)),
    ("NCSA", (("university of illinois ncsa open source license",),)),
    ("PostgreSQL", (("postgresql license",),)),
    ("BlueOak-1.0.0", (("blue oak model license",),)),
    ("WTFPL", (("do what the fuck you want to public license",),)),
    ("Artistic-2.0", (("the artistic license 2 0",), ("artistic license version 2 0",))),
    ("MS-PL", (("microsoft public license ms pl",),)),
    ("LicenseRef-proprietary", (("proprietary and confidential",), ("confidential and proprietary",))),
)
# What the head of a source file says in a few words; looked at after the longer phrases.
SHORT = (
    ("AGPL-3.0-or-later", r"affero general public"),
    ("LGPL-2.1-or-later", r"(?:lesser|library) general public|\blgpl\b"),
    ("GPL-3.0-or-later", r"(?:gnu general public license|\bgpl) (?:version |v )?3"),
    (
        "GPL-2.0-or-later",
        r"general public license|licen[cs]ed? (?:under )?(?:the )?(?:gnu )?gpl|\bgnu gpl\b|licen[cs]e gpl",
    ),
    ("MPL-2.0", r"mozilla public license"),
    ("Apache-2.0", r"apache(?: software)? licen[cs]e|apache 2 0 licen[cs]e|licen[cs]e apache 2 0|\bunder apache 2 0"),
    (
        "BSD-3-Clause",
        r"bsd (?:style|3 clause|new)? ?licen[cs]e|3 clause bsd|new bsd|licen[cs]ed? (?:under )?(?:the )?bsd",
    ),
    ("BSD-2-Clause", r"simplified bsd|bsd 2 clause|2 clause bsd"),
    ("MIT", r"\bmit licen[cs]e|licen[cs]ed? (?:under )?(?:the )?(?:terms of )?(?:the )?mit\b|\bunder (?:the )?mit\b"),
    ("ISC", r"\bisc licen[cs]e"),
    ("Unlicense", r"(?:released|placed|is) (?:in|into) the public domain"),
)
_SHORT = tuple((name, re.compile(pattern)) for name, pattern in SHORT)
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_SPDX = re.compile(r"SPDX-License-Identifier:\s*([^\n*]+)", re.I)
# The comments and strings that a file begins with. Possessive, so that a long head is looked at once.
_HEAD = re.compile(
    r"(?:\s+|#[^\n]*|//[^\n]*|/\*[\s\S]*?\*/|--[^\n]*|;[^\n]*|%[^\n]*|<!--[\s\S]*?-->|\{-[\s\S]*?-\}|<\?php"
    r"|[rRuU]?\"\"\"[\s\S]*?\"\"\"|[rRuU]?'''[\s\S]*?'''|\"use strict\";?|\.\.[^\n]*)*+"
)
HEAD_CHARACTERS = 6000


def normalised(text: str) -> str:
    """Lower-case words with single spaces; marks, comment signs and line ends are gone."""
    return _NOT_A_WORD.sub(" ", text.lower()).strip()


def of_text(text: str) -> list[str]:
    """SPDX names of the licences whose text or notice occurs, in the order in which they begin."""
    words = normalised(text)
    found: dict[str, int] = {}
    for name, alternatives in PHRASES:
        at = min((words.find(phrases[0]) for phrases in alternatives if all(p in words for p in phrases)), default=-1)
        if at >= 0 and not any(_says_more(other, name, place, at) for other, place in found.items()):
            found[name] = at
    return sorted(found, key=lambda name: found[name])


def _says_more(found: str, name: str, place: int, at: int) -> bool:
    """Whether the words of `name` are only part of what `found` was known by: one family, one place."""
    family = {"BSD-4-Clause": "BSD", "BSD-3-Clause": "BSD", "BSD-2-Clause": "BSD", "ISC": "ISC", "0BSD": "ISC"}
    families = {**family, "MIT-0": "MIT", "GPL-3.0-or-later": "GPL", "GPL-2.0-or-later": "GPL"}
    return (found != name and families.get(found, found) == families.get(name, name)) or (place == at and at > 0)


def of_head(text: str) -> Licence:
    """What the head of a source file says about its licence; nothing outside its first comments counts."""
    head = text[:HEAD_CHARACTERS]
    matched = _HEAD.match(head)
    head = head[: matched.end()] if matched else ""
    if spdx := _SPDX.search(head):
        return Licence(re.sub(r"(?:\*/|-->|\"\"\").*", "", spdx[1]).strip(), "SPDX line")
    if "icen" not in head and "ublic" not in head and "ermission" not in head and "onfidential" not in head:
        return Licence()
    if names := of_text(head):
        return Licence(" AND ".join(names), "file header")
    words = normalised(head)
    for name, pattern in _SHORT:
        if pattern.search(words):
            return Licence(name, "file header")
    return Licence()
