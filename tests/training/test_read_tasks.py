"""Files of the forge as training reads them: what is no task, or no report, is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the train extra: pip install 'assay[train]'")

from assay.errors import AssayError
from assay.training.data import _origin
from assay.training.evaluate import read_tasks
from assay.training.sources import ForgeSource


@pytest.mark.parametrize("line", ["[]", "3", "{", "{}"])
def test_a_line_that_is_no_task_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "test.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(AssayError, match=r"Line 1 of .*test\.jsonl is no task of the forge"):
        read_tasks(file)


@pytest.mark.parametrize(
    "data", [b"{", b"\xff", b"[1]", b"3", b'[{"gate": "leak"}]', b'[{"gate": "leak", "total": "x"}]']
)
def test_a_damaged_report_of_the_forge_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "funnel.json").write_bytes(data)
    with pytest.raises(AssayError, match=r"funnel\.json is damaged .*assay forge"):
        _origin(ForgeSource(tmp_path))
    (tmp_path / "funnel.json").write_text('[{"gate": "leak", "total": 2}, {"gate": "length"}]', encoding="utf-8")
    assert _origin(ForgeSource(tmp_path)) == {"leaks": 2}
