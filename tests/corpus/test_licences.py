"""Which licence holds for a file, and whether it may be learnt from."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.corpus.draft import Licence
from assay.corpus.licence_texts import of_head, of_text
from assay.corpus.licences import alias, allowed, nearer, of_folder
from material import GPL_HEADER, MIT


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("MIT", True),
        ("mit", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-2.0-only) AND BSD-3-Clause", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("LicenseRef-mine", False),
        ("MIT AND", False),
        ("", False),
    ],
)
def test_an_expression_is_allowed_when_its_sides_are(expression: str, says: bool) -> None:
    assert allowed(expression, ("permissive",)) is says


def test_the_head_of_a_file_decides_and_nothing_below_it() -> None:
    assert of_head(GPL_HEADER).expression == "GPL-3.0-or-later"
    assert of_head("// SPDX-License-Identifier: Apache-2.0 OR MIT\nint x;").expression == "Apache-2.0 OR MIT"
    assert of_head('"""Tools.\n\nReleased under the MIT license.\n"""\nimport os\n').expression == "MIT"
    assert of_head('import os\nKINDS = ["GNU General Public License", "MIT License"]\n') == Licence()
    assert of_head("# A licence is needed to drive a car.\nspeed = 3\n") == Licence()


def test_texts_are_known_by_their_words_however_they_are_broken() -> None:
    assert of_text(MIT.replace(" ", "\n * ")) == ["MIT"]
    bsd = "Redistribution and use in source and binary forms, with or without modification, are permitted"
    assert of_text(f"{bsd} ... Neither the name of the copyright holder") == ["BSD-3-Clause"]
    assert of_text(f"{bsd} provided that the following conditions are met") == ["BSD-2-Clause"]
    assert of_text(
        "GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007 ... the GNU Affero General Public License"
    ) == ["GPL-3.0-or-later"]
    assert of_text("Nobody may use this.") == []


def test_what_people_write_becomes_spdx() -> None:
    assert alias("Apache License, Version 2.0") == "Apache-2.0"
    assert alias("The MIT License") == "MIT"
    assert alias("MIT/Apache-2.0") == "MIT OR Apache-2.0"
    assert alias("see the file") == ""


def test_the_nearest_licence_file_holds_and_two_offers_are_a_choice(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text(MIT)
    vendored = tmp_path / "vendored"
    vendored.mkdir()
    (vendored / "COPYING").write_text("GNU GENERAL PUBLIC LICENSE Version 2, June 1991")
    whole = of_folder(tmp_path)
    assert whole == Licence("MIT", "LICENSE")
    assert nearer(str(vendored), ["COPYING"], whole) == Licence("GPL-2.0-or-later", "COPYING")
    assert nearer(str(vendored), ["code.py"], whole) == whole
    for name, text in (("LICENSE-MIT", MIT), ("LICENSE-APACHE", "Apache License Version 2.0, January 2004")):
        (vendored / name).write_text(text)
    assert nearer(str(vendored), ["LICENSE-APACHE", "LICENSE-MIT"], whole).expression == "Apache-2.0 OR MIT"
