"""The model card of a trained folder, `README.md`: made from its record, so that nothing in it is claimed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def model_card(record: Mapping[str, Any]) -> str:
    """Markdown with the front matter that model hubs read."""
    return "# model card\n"
