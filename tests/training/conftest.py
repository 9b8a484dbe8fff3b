"""Skipped, with the reason, where the `train` extra is not installed."""

import pytest

for module in ("numpy", "tokenizers"):
    pytest.importorskip(module, reason="needs the train extra: pip install 'assay[train]'")
