"""The report in a real browser: sorted, filtered, opened by keyboard, narrow, dark, and with hostile samples in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.evaluation.reading import read_with_texts
from assay.report.html import html_report
from assay.report.leaderboard import Entry
from browser import complaints, open_browser, press, resize, texts, wait, why_there_is_none
from demo_runs import MakeRun

pytestmark = pytest.mark.skipif(bool(why_there_is_none()), reason=why_there_is_none() or "-")

MARKUP = (
    "    '''</script><script>window.hit = 1; alert(1)</script><!-- <svg onload=alert(2)>\n"
    "    <img src=x onerror=\"window.hit = 2; alert(3)\"> <iframe src=javascript:alert(4)> &lt;b&gt; </pre></code>'''\n"
    "    return 1  # hardened: runtime_error\n"
)
UNSEEN = "    x = 'a\u202eb\u2066c\x07'  # hardened: wrong_answer official: accepted\n    return x\n"
ALPHA = {
    "demo/00": ["    return 1\n"],
    "demo/01": ["    return 2  # verdict: wrong_answer\n"],
    "demo/02": [MARKUP],
    "demo/03": [UNSEEN],
    "demo/04": ["    # a comment\n    return 'text' + str(0x1f)  # verdict: time_limit\n"],
}
BETA = {
    task: ["    return 1\n"] if number != 4 else ["    return 2  # verdict: wrong_answer\n"]
    for number, task in enumerate(ALPHA)
}


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def file(make_run: MakeRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    entries = [
        Entry("Alpha", read_with_texts(make_run("alpha", ALPHA))),
        Entry("Beta <img src=x onerror=alert(5)>", read_with_texts(make_run("beta", BETA))),
    ]
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html_report(entries), encoding="utf-8")
    return path


@pytest.fixture
def show(driver: Any, file: Path) -> Callable[..., Any]:
    """Opens a view in a window of a size, and gives the browser."""

    def go(view: str = "overview", width: int = 1280, height: int = 800, *, dark: bool = False) -> Any:
        resize(driver, width, height, dark=dark)
        driver.get("about:blank")
        driver.get(f"{file.as_uri()}#{view}")
        wait(driver, "return document.documentElement.dataset.ready")
        return driver

    return go


def detail(driver: Any) -> str:
    return str(
        wait(driver, "return document.querySelector('.detail .code') && document.querySelector('.detail').innerText")
    )


def test_it_opens_from_a_file_without_a_complaint_or_a_request(show: Callable[..., Any], file: Path) -> None:
    driver = show()
    driver.get_log("performance")
    driver = show()
    detail_of = show("samples?open=0.2")
    detail(detail_of)
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    assert urls and all(url.startswith((file.as_uri(), "about:")) for url in urls)
    assert complaints(driver) == []


def test_the_leaderboard_is_sorted_by_a_click_and_says_so(show: Callable[..., Any]) -> None:
    driver = show()
    column = ".board thead th:nth-child(2)"
    models = ".board tbody th"
    first = {}
    for order in ("descending", "ascending"):
        driver.find_element("css selector", f"{column} button").click()
        wait(driver, f"return document.querySelector('{column}').getAttribute('aria-sort') === '{order}'")
        first[order] = texts(driver, models)[0].split("prompt")[0]
    assert first["ascending"] == "Alpha" and first["descending"].startswith("Beta")


def test_a_score_is_shown_with_interval_count_prompt_extractor_and_data(show: Callable[..., Any]) -> None:
    driver = show()
    cell = texts(driver, ".board tbody tr:first-child td")[0]
    assert cell.startswith("20.0") and cell.endswith("n\u00a05") and "–" in cell
    assert "prompt unknown (recorded samples), extractor auto" in texts(driver, ".board tbody th")[0]
    assert len(texts(driver, ".board thead small")[0]) == 8


def test_samples_are_filtered_by_verdict_model_and_search(show: Callable[..., Any]) -> None:
    driver = show("samples")
    assert texts(driver, ".count") == ["10 samples"]
    show("samples?verdict=failed")
    assert texts(driver, ".count") == ["5 of 10 samples"]
    show("samples?verdict=failed&model=0")
    assert texts(driver, ".rows .c-task") == ["demo/01", "demo/02", "demo/03", "demo/04"]
    show("samples?verdict=disagree")
    assert texts(driver, ".rows .c-task") == ["demo/02", "demo/03"]
    show("samples?search=demo/04")
    assert texts(driver, ".rows .c-task") == ["demo/04", "demo/04"]


def test_typing_in_the_search_filters_and_keeps_the_focus(show: Callable[..., Any]) -> None:
    driver = show("samples")
    press(driver, "/", "0", "3")
    wait(driver, "return document.querySelector('.count').textContent === '2 of 10 samples'")
    press(driver, "x")
    wait(driver, "return document.querySelector('.count').textContent.startsWith('0 of')")
    assert driver.execute_script("return document.activeElement.id") == "search"


def test_a_sample_is_opened_stepped_through_and_closed_by_keyboard(show: Callable[..., Any]) -> None:
    driver = show("samples")
    driver.execute_script("document.querySelector('.list').focus()")
    press(driver, "ARROW_DOWN", "ARROW_DOWN", "ENTER")
    shown = detail(driver)
    assert "demo/01" in shown and "wrong answer" in shown and "assert f() == 1" in shown and "0.25" not in shown
    assert "250 ms" in shown and "500 ms" in shown
    press(driver, "j")
    wait(driver, "return document.querySelector('.detail h2').textContent === 'demo/02'")
    press(driver, "k", "k")
    wait(driver, "return document.querySelector('.detail h2').textContent === 'demo/00'")
    press(driver, "ESCAPE")
    wait(driver, "return !document.querySelector('.opened')")
    assert driver.execute_script("return document.activeElement.role") == "grid"
    press(driver, "4")
    wait(driver, "return document.querySelector('.card')")


def test_every_kind_of_control_is_reached_by_tab_and_shows_its_focus(show: Callable[..., Any]) -> None:
    driver = show("samples")
    outlined = """
        const node = document.activeElement;
        if (getComputedStyle(node).outlineStyle === "none") return "without an outline: " + node.outerHTML;
        return node.className || node.id || node.tagName.toLowerCase() + " " + node.textContent.slice(0, 7);
    """
    reached = []
    while "button Verdict" not in reached and len(reached) < 40:
        press(driver, "TAB")
        reached.append(driver.execute_script(outlined))
    assert {"skip", "a Samples", "quiet", "select allAlph", "search", "button Verdict", "list"} <= set(reached)
    assert not [name for name in reached if name.startswith("without")]


def test_the_prompt_and_both_forms_of_the_program_are_shown(show: Callable[..., Any]) -> None:
    driver = show("samples?open=0.0")
    detail(driver)
    assert texts(driver, ".text .code") == ["    return 1"]
    driver.find_element("css selector", ".text .choice button:nth-child(2)").click()
    assert texts(driver, ".text .code")[0].startswith("def page_address")
    driver.find_element("css selector", ".prompt summary").click()
    assert texts(driver, ".prompt .code")[0].startswith("def page_address")


def test_python_is_coloured(show: Callable[..., Any]) -> None:
    driver = show("samples?open=0.4")
    detail(driver)
    assert texts(driver, ".text .t-c") == ["# a comment", "# verdict: time_limit"]
    assert texts(driver, ".text .t-s") == ["'text'"]
    assert texts(driver, ".text .t-k") == ["return"]
    assert texts(driver, ".text .t-n") == ["0x1f"]


def test_a_sample_full_of_markup_is_shown_as_text_and_does_nothing(show: Callable[..., Any]) -> None:
    driver = show("samples?open=0.2")
    detail(driver)
    assert texts(driver, ".text .code") == [MARKUP.rstrip("\n")]
    for view in ("overview", "samples?open=0.2", "differences?task=2", "runs"):
        show(view)
        driver.execute_script("return new Promise((done) => setTimeout(done, 200))")
        assert driver.execute_script("return window.hit ?? null") is None
        assert (
            driver.execute_script(
                "return document.querySelectorAll('img, iframe, main script, main svg[onload]').length"
            )
            == 0
        )
        assert complaints(driver) == []


def test_characters_that_cannot_be_seen_are_named(show: Callable[..., Any]) -> None:
    driver = show("samples?open=0.3")
    detail(driver)
    assert texts(driver, ".text .unseen") == ["U+202E", "U+2066", "U+0007"]


def test_two_models_are_compared_task_by_task(show: Callable[..., Any]) -> None:
    driver = show("differences")
    tiles = texts(driver, ".tile")
    assert [tile[0] for tile in tiles] == ["1", "0", "3", "1"]
    assert "o difference can be shown" in texts(driver, ".said")[0] or "is better by" in texts(driver, ".said")[0]
    assert "McNemar, exact: p = " in texts(driver, ".said")[0]
    assert texts(driver, ".rows .c-task") == ["demo/01", "demo/02", "demo/03"]
    press(driver, "TAB")
    driver.execute_script("document.querySelector('.list').focus()")
    press(driver, "ARROW_DOWN", "ENTER")
    wait(driver, "return document.querySelectorAll('.sides .code').length >= 2")
    assert "accepted" in texts(driver, ".sides section:nth-child(2) .verdict")[0]
    assert "wrong answer" in texts(driver, ".sides section:nth-child(1) .verdict")[0]
    assert texts(driver, ".sides .line.marked") == ["    return 2  # verdict: wrong_answer", "    return 1"]
    show("differences?rules=official")
    assert [tile[0] for tile in texts(driver, ".tile")] == ["3", "0", "1", "1"]


@pytest.mark.parametrize(
    "view", ["overview", "samples", "samples?open=0.2", "differences", "differences?task=1", "runs"]
)
def test_on_a_phone_nothing_sticks_out_sideways(show: Callable[..., Any], view: str) -> None:
    driver = show(view, 360, 740)
    if "open" in view or "task" in view:
        wait(driver, "return document.querySelector('.detail .code, .sides .code')")
    assert driver.execute_script("return document.documentElement.scrollWidth") <= 360
    heights = "return [...document.querySelectorAll('main button, main select')].map((node) => node.offsetHeight)"
    assert all(height == 0 or height >= 24 for height in driver.execute_script(heights))


def test_on_a_phone_back_leads_from_a_sample_to_the_list(show: Callable[..., Any]) -> None:
    driver = show("samples", 360, 740)
    driver.find_element("css selector", ".rows .row").click()
    detail(driver)
    assert not driver.find_element("css selector", ".left").is_displayed()
    driver.back()
    wait(driver, "return document.querySelector('.left').offsetHeight")


def test_dark_follows_the_system_and_the_button(show: Callable[..., Any]) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = show().execute_script(ground)
    driver = show(dark=True)
    dark = driver.execute_script(ground)
    assert light != dark
    driver.find_element("id", "theme").click()
    assert driver.execute_script(ground) == light
    driver.find_element("id", "theme").click()
    assert driver.execute_script(ground) == dark


def test_a_part_of_a_plot_leads_to_its_samples(show: Callable[..., Any]) -> None:
    driver = show()
    wait(driver, "return document.querySelector('.segment')")
    driver.find_element("css selector", ".segment .v-limit").click()
    wait(driver, "return document.querySelector('.count')?.textContent === '1 of 10 samples'")
    assert texts(driver, ".rows .c-task") == ["demo/04"]
    driver.back()
    wait(driver, "return document.querySelector('.board')")


def test_the_closer_look_is_at_one_benchmark(show: Callable[..., Any]) -> None:
    driver = show()
    wait(driver, "return document.querySelector('.segment')")
    assert texts(driver, ".closer + .figures + .figures figure:first-child .group") == [
        "Alpha",
        "Beta <img src=x onerror=alert(5)>",
    ]
    assert texts(driver, "figcaption h2, figcaption h3") == ["Scores", "Tasks", "Verdicts", "Solved within"]


def test_the_opened_sample_is_in_sight_in_the_list(driver: Any, make_run: MakeRun, tmp_path: Path) -> None:
    texts_of = {f"demo/{n:02}": [f"    return {n}  # {m}\n" for m in range(9)] for n in range(36)}
    path = tmp_path / "long.html"
    path.write_text(html_report([Entry("Long", read_with_texts(make_run("long", texts_of)))]), encoding="utf-8")
    resize(driver, 1280, 800)
    driver.get(f"{path.as_uri()}#samples?open=0.300")
    detail(driver)
    wait(driver, "return document.querySelector('[aria-selected=true]')")
    inside = """
        const row = document.querySelector("[aria-selected=true]").getBoundingClientRect();
        const list = document.querySelector(".list").getBoundingClientRect();
        return row.top >= list.top && row.bottom <= list.bottom;
    """
    assert driver.execute_script(inside)
    assert texts(driver, "[aria-selected=true] .c-task") == ["demo/33 #3"]
    assert len(texts(driver, ".rows .row")) < 60  # the others do not exist
    driver.get(f"{path.as_uri()}#overview")
    wait(driver, "return document.querySelectorAll('figure .curve').length >= 3")
    assert texts(driver, "figcaption h3") == ["Tasks", "Verdicts", "pass@k", "Solved within", "Selective answering"]
    assert texts(driver, ".surest li")[0].startswith("Long: of the 36 surest answers 0 wrong, 0.0 % (95 % 0.0 to ")
