"""TRL's own GRPO trainer learns from these rewards. Needs TRL: make test-rewards."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".peers" / "trl" / "bin" / "python"


@pytest.mark.skipif(not PYTHON.exists(), reason="TRL is not installed; make test-rewards installs it")
def test_grpo_learns_from_what_passes() -> None:
    script = Path(__file__).with_name("grpo_with_trl.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([PYTHON, script, "20"], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    rewards = result["rewards"]
    assert result["steps"] == 20
    assert sum(rewards[-3:]) / 3 > sum(rewards[:3]) / 3 + 0.3
    assert sum(count for name, count in result["counts"].items() if name != "cached") == 20 * 80
    assert "harness_error" not in result["counts"]
    assert "passes/harness_error" in result["logged"]
