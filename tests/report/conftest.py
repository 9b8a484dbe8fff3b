"""The records that reports are made of come from the same place as in the tests of evaluation."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))
