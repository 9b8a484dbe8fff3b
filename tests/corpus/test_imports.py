"""What is imported stands before what imports it."""

from __future__ import annotations

from assay.corpus.imports import Member, needs, of_text, order


def _order(*files: tuple[str, tuple[str, ...]], language: str = "python") -> list[str]:
    members = [Member(path, language, imports) for path, imports in files]
    return [members[number].path for number in order(members)]


def test_imports_come_first_whatever_the_names() -> None:
    files = (("pkg/__init__.py", ()), ("pkg/a.py", (".z",)), ("pkg/z.py", ("pkg.m",)), ("pkg/m.py", ("os",)))
    assert _order(*files) == ["pkg/__init__.py", "pkg/m.py", "pkg/z.py", "pkg/a.py"]


def test_a_folder_above_the_package_takes_no_part_in_its_name() -> None:
    members = [
        Member("src/pkg/__init__.py", "python", ()),
        Member("src/pkg/a.py", "python", ("pkg.sub.b",)),
        Member("src/pkg/sub/__init__.py", "python", ()),
        Member("src/pkg/sub/b.py", "python", ("..a",)),
    ]
    assert needs(members) == [set(), {3}, set(), {1}]


def test_a_standard_module_is_not_a_file_of_the_same_name_in_a_package() -> None:
    members = [
        Member("pkg/__init__.py", "python", ()),
        Member("pkg/json.py", "python", ()),
        Member("pkg/a.py", "python", ("json",)),
    ]
    assert needs(members)[2] == set()


def test_a_cycle_is_broken_and_every_file_comes_once() -> None:
    files = (("a.py", ("b",)), ("b.py", ("c",)), ("c.py", ("a",)), ("d.py", ("a", "b", "c")))
    assert _order(*files) == ["a.py", "c.py", "b.py", "d.py"]


def test_other_languages_name_files() -> None:
    assert of_text('#include "util.h"\n#include <stdio.h>\n', "c") == ("util.h",)
    assert _order(("src/main.c", ("util.h",)), ("src/util.h", ()), language="c") == ["src/util.h", "src/main.c"]
    assert of_text("import { a } from './lib/a'\nconst b = require('../b')\nimport 'react'", "typescript") == (
        "./lib/a",
        "../b",
    )
    assert _order(("app.ts", ("./lib/a",)), ("lib/a.ts", ()), language="typescript") == ["lib/a.ts", "app.ts"]
    assert _order(("A.java", ("org.x.B",)), ("src/org/x/B.java", ()), language="java") == ["src/org/x/B.java", "A.java"]
