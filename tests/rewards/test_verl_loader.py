"""verl loads the adapter by its file. Needs verl: make test-rewards."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from assay.rewards import verl

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".peers" / "verl" / "bin" / "python"


@pytest.mark.skipif(not PYTHON.exists(), reason="verl is not installed; make test-rewards installs it")
def test_verls_loader_finds_the_function_by_its_file() -> None:
    script = Path(__file__).with_name("verl_loads_it.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([PYTHON, script, verl.__file__], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert [one["score"] for one in json.loads(done.stdout.splitlines()[-1])] == [1.0, 0.0]
