"""Reading the fields of a request: the right kind of value, or a sentence that names the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BadRequest(Exception):
    """What is wrong with a request, in words. status: of the answer."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


_MISSING = object()


class Fields:
    """The fields of one JSON object. where: how it is called in sentences ("items[3]."), "" for the body itself."""

    def __init__(self, value: Any, where: str = "") -> None:
        """Raises BadRequest for anything but an object."""
        if not isinstance(value, Mapping):
            raise BadRequest(f"{where.rstrip('.') or 'The body'} must be a JSON object.")
        self.values, self.where = value, where

    def text(self, name: str, default: Any = _MISSING) -> str:
        return str(self._get(name, str, "text", default))

    def number(self, name: str, default: float, most: float) -> float:
        """A number above 0 and at most `most`; null is the default."""
        value = self._get(name, (int, float), "a number", default)
        value = default if value is None else value
        if isinstance(value, bool) or not 0 < value <= most:
            raise BadRequest(f"{self.where}{name} must be above 0 and at most {most:g}, not {value!r}.")
        return float(value)

    def items(self, name: str, default: Any = _MISSING) -> list[Any]:
        found: list[Any] = self._get(name, list, "a list", default)
        return found

    def texts(self, name: str) -> list[str]:
        """A list of texts, empty by default."""
        values = self.items(name, []) or []
        if not all(isinstance(value, str) for value in values):
            raise BadRequest(f"{self.where}{name} must be a list of texts.")
        return values

    def mapping(self, name: str, default: Any = _MISSING) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._get(name, Mapping, "an object", default)
        return found

    def _get(self, name: str, kind: Any, what: str, default: Any) -> Any:
        value = self.values.get(name)
        if value is None:
            if default is _MISSING:
                raise BadRequest(f"{self.where}{name} is missing.")
            return default
        if not isinstance(value, kind):
            raise BadRequest(f"{self.where}{name} must be {what}, not {type(value).__name__}.")
        return value
