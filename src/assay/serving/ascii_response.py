"""Answers in JSON, whatever programs and requests put into them."""

from __future__ import annotations

import json
import math
from typing import Any

from starlette.responses import JSONResponse


class AsciiResponse(JSONResponse):
    """JSON in ASCII: half a surrogate pair has no UTF-8, but an escape. Numbers that JSON has not become null.

    Making one raises RecursionError for values nested too deep.
    """

    def render(self, content: Any) -> bytes:
        try:
            text = json.dumps(content, allow_nan=False, separators=(",", ":"))
        except ValueError:
            text = json.dumps(_finite(content), separators=(",", ":"))
        return text.encode("ascii")


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value
