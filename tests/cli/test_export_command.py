"""`assay export` from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assay.cli.export import NAMES
from assay.report.export import FORMATS
from commandline import Assay


@pytest.fixture
def run(data: Path, assay: Assay) -> str:
    assert assay("eval", "humaneval", "--model", "gold", "--out", "run")[0] == 0
    return "run"


@pytest.mark.parametrize("form", ["evalplus", "evalplus-results", "bigcode", "inspect", "junit"])
def test_every_format_goes_to_stdout_or_into_a_file(run: str, assay: Assay, form: str) -> None:
    status, out, err = assay("export", run, "--format", form)
    assert (status, err) == (0, "")
    assert assay("export", run, "--format", form, "--out", "file.json") == (0, "", "")
    assert Path("file.json").read_text() == out


def test_the_command_offers_every_format_there_is() -> None:
    assert set(NAMES) == set(FORMATS)


def test_a_log_for_inspect_gets_its_name_in_a_folder(run: str, assay: Assay) -> None:
    Path("logs").mkdir()
    assert assay("export", run, "--format", "inspect", "--out", "logs")[0] == 0
    (log,) = Path("logs").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\S*_humaneval_[0-9a-f]{20}\.json", log.name)


def test_the_exported_programs_are_judged_like_the_run(run: str, assay: Assay) -> None:
    assay("export", run, "--format", "bigcode", "--out", "generations.json")
    status, out, _ = assay("eval", "humaneval", "--model", "recorded:generations.json", "--out", "again", "--json")
    assert (status, json.loads(out)["hardened"]["pass@1"]) == (0, 1.0)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["nowhere", "--format", "junit"], "nowhere does not exist"),
        (
            ["run", "--format", "inspect", "--out", "log.eval"],
            "Name a folder, or a file that ends in .json; log.eval is neither",
        ),
        (["run", "--format", "junit", "--judge", "official"], "has no official verdicts"),
        (["run", "--format", "junit", "--out", "no/x.xml"], "no/x.xml cannot be written"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(run: str, assay: Assay, argv: list[str], sentence: str) -> None:
    status, out, err = assay("export", *argv)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert sentence in err
