"""Several processes share a corpus by rows: every document goes to one of them."""

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the corpus extra is not installed")

from assay.corpus.document import Document
from assay.corpus.table import Writer, as_row, rows


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 40])
def test_every_row_is_in_one_part(tmp_path: Path, parts: int) -> None:
    path = tmp_path / "x.parquet"
    with Writer(path, rows_a_group=4) as writer:
        for number in range(19):
            writer.write(as_row(Document(text=str(number), sha256=str(number))))
    found = [[row["text"] for row in rows(path, part=part, parts=parts)] for part in range(parts)]
    assert sorted(int(text) for texts in found for text in texts) == list(range(19))
    assert max(map(len, found)) - min(map(len, found)) <= 1
