"""The page as text: self-contained, with a policy that fits it, and without markup that a model wrote."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import math
import re
from html.parser import HTMLParser

import pytest

from assay.evaluation.reading import read_with_texts
from assay.judge.verdict import VerdictKind
from assay.report.html import GROUPS, SCRIPTS, _page_file, html_report
from assay.report.islands import LONGEST_TEXT, island_json
from assay.report.leaderboard import Entry
from demo_runs import MakeRun

EVIL = (
    '    """</script><script>evil()</script><!-- <img src=x onerror=evil()> {{index}} \\ud83d"""\n'
    "    pass # verdict: runtime_error\n"
)


class Outline(HTMLParser):
    """The elements of a page, and the content of its scripts by id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: dict[str, str] = {}
        self._open: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in ("script", "style"):
            self._open = dict(attrs).get("id") or tag
            self.scripts[self._open] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.scripts[self._open] += data


@pytest.fixture(scope="module")
def evil_page(make_run: MakeRun) -> str:
    texts = {"demo/00": [EVIL], "demo/01": ["    pass\n" + "#" * LONGEST_TEXT]}
    return html_report([Entry("</title><script>evil()</script>", read_with_texts(make_run("evil", texts)))])


def unpacked(outline: Outline) -> str:
    packed = [text for name, text in outline.scripts.items() if name.startswith("texts-")]
    return "".join(gzip.decompress(base64.b64decode(one)).decode() for one in packed)


def test_a_hostile_sample_adds_no_element(evil_page: str, make_run: MakeRun) -> None:
    plain = html_report([Entry("Plain", read_with_texts(make_run("plain", {"demo/00": ["    pass\n"]})))])
    assert Outline(evil_page).tags == Outline(plain).tags
    assert "<script>evil" not in evil_page


def test_a_hostile_sample_is_in_the_page_letter_by_letter(evil_page: str) -> None:
    body = json.loads(unpacked(Outline(evil_page)))
    assert EVIL in body["0"]["texts"]


def test_very_long_texts_are_cut_with_a_note(evil_page: str) -> None:
    body = json.loads(unpacked(Outline(evil_page)))
    assert any(text.endswith("more characters are not in this report.") for text in body["1"]["texts"])


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(evil_page: str) -> None:
    outline = Outline(evil_page)
    policy = next(
        value or "" for name, value in outline.attributes if name == "content" and "default-src" in (value or "")
    )
    for kind, content in (("script", outline.scripts["script"]), ("style", outline.scripts["style"])):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy


def test_nothing_is_loaded_from_elsewhere(evil_page: str) -> None:
    outline = Outline(evil_page)
    assert not [value for name, value in outline.attributes if name in ("src", "srcset", "data", "action", "poster")]
    assert [value for name, value in outline.attributes if name == "href"] == ["#main"]
    assert "url(" not in outline.scripts["style"] and "@import" not in outline.scripts["style"]
    assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon", outline.scripts["script"])


def test_no_text_becomes_markup_in_the_page_s_own_script() -> None:
    script = "".join(_page_file(name) for name in SCRIPTS)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(", script
    )


def test_what_is_no_finite_number_is_null_since_no_browser_reads_it() -> None:
    body = {"a": [1.5, math.nan, {"b": (math.inf, -math.inf, True)}], "NaN": "NaN"}
    assert island_json(body) == '{"a":[1.5,null,{"b":[null,null,true]}],"NaN":"NaN"}'


def test_a_run_folder_with_nan_in_it_gives_texts_that_can_be_read(make_run: MakeRun) -> None:
    folder = make_run("nan", {"demo/00": ["    pass\n"], "demo/01": ["    pass\n"]})
    path = folder / "completions.jsonl"
    path.write_text(path.read_text().replace('"sample": 0', '"sample": 0, "mean_logprob": NaN', 1))

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    page = Outline(html_report([Entry("Plain", read_with_texts(folder))]))
    packed = [text for name, text in page.scripts.items() if name.startswith("texts-")]
    bodies = [json.loads(gzip.decompress(base64.b64decode(one)), parse_constant=refuse) for one in packed]
    assert bodies


def test_the_same_runs_give_the_same_page(make_run: MakeRun) -> None:
    entry = Entry("Plain", read_with_texts(make_run("same", {"demo/00": ["    pass\n"]})))
    pages = [re.sub(r'"made":"[^"]+"', "", html_report([entry])) for _ in range(2)]
    assert pages[0] == pages[1]


def test_every_verdict_has_a_colour() -> None:
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(VerdictKind)


def themes() -> dict[str, dict[str, str]]:
    """The colours of the light and the dark theme by name."""
    style = _page_file("style.css")
    blocks = {"light": style.split(":root {")[1], "dark": style.split(':root[data-theme="dark"] {')[1]}
    return {name: dict(re.findall(r"--([\w-]+): (#\w{6})", text.split("}")[0])) for name, text in blocks.items()}


def test_the_dark_theme_is_the_same_whether_chosen_or_of_the_system() -> None:
    style = _page_file("style.css")
    of_the_system = style.split(':root:not([data-theme="light"]) {')[1].split("}")[0]
    assert dict(re.findall(r"--([\w-]+): (#\w{6})", of_the_system)) == themes()["dark"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_on_their_grounds(theme: str) -> None:
    """WCAG 2.1, level AA: a contrast of at least 4.5 for text."""
    colours = themes()[theme]
    texts = ["ink", "soft", "accent", *GROUPS, *(name for name in colours if name.startswith("t-"))]
    for text in texts:
        for ground in ("panel", "sunk", "bg", "accent-soft"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
