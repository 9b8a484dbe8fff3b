"""Files as other harnesses published them: read by content, and the same programs as in the samples file."""

from __future__ import annotations

import pytest

from assay.evaluation.samples import recorded_samples
from assay.tasks.catalog import load
from evaluated import data_folder, samples_folder


@pytest.mark.parametrize(("name", "folder"), [("humaneval+@v0.1.9", "humaneval"), ("mbpp+@v0.1.0", "mbpp")])
def test_evalplus_results_hold_the_programs_of_the_samples_file(name: str, folder: str) -> None:
    data_folder()
    place = samples_folder() / "qwen2.5-coder-1.5b-base" / "evalplus" / folder
    benchmark = load(name)
    written, results = (
        recorded_samples(place / file, benchmark, benchmark.tasks, False)[0]
        for file in ("generated.jsonl.gz", "generated_eval_results.json.gz")
    )
    assert [one.key for one in results] == [one.key for one in written]
    for one, other in zip(written, results, strict=True):
        assert one.program("raw").program.strip() == other.program("raw").program.strip()
