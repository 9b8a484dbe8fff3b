"""Without torch and transformers nothing here can run; the reason says how to get them."""

from __future__ import annotations

import pytest

for _name in ("torch", "transformers"):
    pytest.importorskip(_name, reason=f"{_name} is not installed; run: make test-models")
