"""Sandbox.map, judging and evaluation on a Ray cluster of several processes. Needs Ray: make test-ray."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assay.errors import AssayError
from assay.sandbox import ray_crew

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".peers" / "ray" / "bin" / "python"
COUNT = 120

needs_ray = pytest.mark.skipif(not PYTHON.exists(), reason="Ray is not installed; make test-ray installs it")


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    script = Path(__file__).with_name("on_a_cluster.py")
    done = subprocess.run(
        [PYTHON, script],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


@needs_ray
def test_programs_run_on_all_nodes_and_each_comes_back_once(found: dict[str, Any]) -> None:
    assert found["nodes"] == 3
    assert found["sandbox"]["undisturbed"] == {"each_once": True, "right": COUNT, "sent_again": 0}


@needs_ray
def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_only_what_it_had(found: dict[str, Any]) -> None:
    killed = found["sandbox"]["killed"]
    assert killed["each_once"] and killed["right"] == COUNT
    assert 0 < killed["sent_again"] <= 2 * 16


@needs_ray
def test_all_workers_killed_at_once_are_replaced_and_leave_nothing(found: dict[str, Any]) -> None:
    assert found["sandbox"]["killed_all"] == {"each_once": True, "right": COUNT}
    assert found["sandbox"]["workers"] == 3
    assert not found["sandbox"]["left_behind"]


@needs_ray
def test_a_machine_lost_while_judging_loses_no_verdict(found: dict[str, Any]) -> None:
    pool = found["pool"]
    assert pool["each_once"] and pool["right"] == COUNT
    assert pool["again"] == ["no_code"]


@needs_ray
def test_work_that_kills_every_worker_is_given_up_and_harms_no_other(found: dict[str, Any]) -> None:
    assert found["deadly"] == {"lost": [7], "right": 39}


@needs_ray
def test_an_evaluation_on_a_cluster_has_the_verdicts_of_one_machine(found: dict[str, Any]) -> None:
    assert found["evaluation"] == {"samples": 24, "same": True}


def test_without_ray_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(AssayError, match=r"assay\[ray\]"):
        ray_crew.Crew(lambda: None)  # type: ignore[arg-type, return-value]
