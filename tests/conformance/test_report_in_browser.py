"""The report of a real run, the published 1.5B samples beside the reference solutions, used in a real browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))

from browser import complaints, open_browser, press, resize, texts, wait, why_there_is_none
from evaluated import data_folder, published_texts, samples_folder

pytestmark = pytest.mark.skipif(bool(why_there_is_none()), reason=why_there_is_none() or "-")

SAMPLES = "qwen2.5-coder-1.5b-base/evalplus/humaneval/generated.jsonl.gz"


def assay(*argv: str | Path) -> None:
    """A command line with the real data; it must succeed."""
    environment = {**os.environ, "ASSAY_DATA": str(data_folder())}
    done = subprocess.run([sys.executable, "-m", "assay", *map(str, argv)], capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The report, opened."""
    folder = tmp_path_factory.mktemp("real")
    assay(
        "eval",
        "humaneval",
        "--model",
        f"recorded:{samples_folder() / SAMPLES}",
        "--judge",
        "both",
        "--out",
        folder / "a",
    )
    assay("eval", "humaneval", "--model", "gold", "--judge", "both", "--out", folder / "b")
    assay(
        "report", f"Qwen2.5-Coder-1.5B={folder / 'a'}", f"References={folder / 'b'}", "--html", folder / "report.html"
    )
    with open_browser() as browser:
        resize(browser, 1280, 800)
        browser.get((folder / "report.html").as_uri())
        wait(browser, "return document.documentElement.dataset.ready")
        yield browser
        assert complaints(browser) == []


def go(driver: Any, view: str) -> None:
    driver.execute_script("location.hash = arguments[0]", view)
    driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")


def test_the_leaderboard_has_the_published_score(driver: Any) -> None:
    go(driver, "overview?sort=0:down")
    assert [row.split("prompt")[0] for row in texts(driver, ".board tbody th")] == ["References", "Qwen2.5-Coder-1.5B"]
    assert [cell[:4] for cell in texts(driver, ".board tbody td")] == ["100.", "43.9"]


def test_the_92_samples_that_failed_are_listed_slowest_first(driver: Any) -> None:
    go(driver, "samples?model=0&verdict=failed&sort=cpu:down")
    assert texts(driver, ".count") == ["92 of 328 samples"]
    assert texts(driver, ".rows .row:first-child .c-task") == ["HumanEval/39"]
    assert texts(driver, ".rows .row:first-child .c-verdict") == ["time limit"]


def test_a_sample_is_opened_by_keyboard_and_shows_what_was_published(driver: Any) -> None:
    go(driver, "samples?model=0&search=HumanEval/15")
    driver.execute_script("document.querySelector('.list').focus()")
    press(driver, "ARROW_DOWN", "ENTER")
    wait(driver, "return document.querySelector('.detail .text .code')")
    task = texts(driver, ".detail h2")[0]
    assert texts(driver, ".detail .text .code")[0].rstrip() == published_texts(SAMPLES)[task].rstrip()
    assert "First failure" in texts(driver, ".detail .verdict")[0]


def test_the_92_tasks_that_only_the_references_solve_stand_side_by_side(driver: Any) -> None:
    go(driver, "differences")
    assert [tile.split("solved")[0] for tile in texts(driver, ".tile")] == ["72", "0", "92", "0"]
    go(driver, "differences?task=15")
    wait(driver, "return document.querySelectorAll('.sides .code').length > 2")
    left, right = (texts(driver, f".sides > section:nth-child({n})")[0] for n in (1, 2))
    assert "wrong answer" in left and "accepted" in right
