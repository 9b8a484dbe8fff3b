"""`task.toml` read and checked: every mistake is one sentence that names the file and the line or key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from assay.errors import AssayError

NAME = "task.toml"
MOST_BYTES = 64 << 20

# kind -> the keys it knows besides those of all kinds.
KINDS: dict[str, frozenset[str]] = {
    "asserts": frozenset(("tests",)),
    "unittest": frozenset(("tests", "test_count")),
    "stdio": frozenset(("cases", "case", "compare", "tolerance", "checker", "any_language", "flags")),
    "program": frozenset(("tests", "answer", "files", "report", "test_count", "flags")),
}
COMMON = frozenset(
    (
        *("id", "kind", "language", "prompt", "prompt_file", "prompt_is_code", "entry_point", "reference"),
        *("stops", "limits"),
    )
)
LIMITS = frozenset(("cpu_s", "wall_s", "memory_mib", "processes", "file_mib"))
_KNOWN = COMMON.union(*KINDS.values())
_TYPES: Mapping[type, str] = {str: "text", bool: "true or false", int: "a whole number", float: "a number"}


class Manifest:
    """One task.toml. Its methods read keys, and raise AssayError for what is missing or of the wrong type."""

    def __init__(self, folder: Path) -> None:
        """Read the file. Raises AssayError where it cannot be read, is no TOML, or has keys that its kind has not."""
        self.folder, self.path = folder, folder / NAME
        self.read: set[Path] = set()  # files of the task that were used, for its hash
        self._text = read_text(self.path, self.path)
        try:
            self._data: dict[str, Any] = tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise AssayError(f"{self.path}: this is not TOML: {error}.") from None
        self.kind: str = self.one_of("kind", KINDS)
        self._check_names(self._data, COMMON | KINDS[self.kind], _KNOWN)
        limits = self._get("limits", dict, "a table", {})
        self._check_names(limits, LIMITS, LIMITS)

    def mistake(self, key: str, sentence: str) -> AssayError:
        """An error about a key; names the line where it stands."""
        pattern = re.compile(rf"^\s*(?:\[+\s*)?{re.escape(key)}\s*(?:=|\]|\.)", re.MULTILINE)
        found = pattern.search(self._text)
        where = f", line {self._text.count(chr(10), 0, found.end()) + 1}" if found else ""
        return AssayError(f"{self.path}{where}: {sentence}")

    def _check_names(self, table: Mapping[str, Any], allowed: frozenset[str], known: frozenset[str]) -> None:
        for name in table:
            if name in known and name not in allowed:
                raise self.mistake(name, f"{name!r} means nothing for a task of kind {self.kind!r}; remove it.")
            if name not in known:
                near = difflib.get_close_matches(name, allowed, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(allowed))}."
                raise self.mistake(name, f"there is no key {name!r}; {hint}")

    # -- values ------------------------------------------------------------------------------------------------------

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def _get(self, key: str, kind: type | tuple[type, ...], words: str, default: Any = None) -> Any:
        if key not in self._data:
            if default is None:
                raise AssayError(f"{self.path}: the key {key!r} is missing, which a task of this kind needs.")
            return default
        value = self._data[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.mistake(key, f"{key!r} must be {words}, this is {_TYPES.get(type(value), 'something else')}.")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self._get(key, str, "text", default)
        return value

    def flag(self, key: str) -> bool:
        value: bool = self._get(key, bool, "true or false", False)
        return value

    def count(self, key: str) -> int:
        value: int = self._get(key, int, "a whole number")
        if value < 1:
            raise self.mistake(key, f"{key!r} must be at least 1.")
        return value

    def number(self, key: str, default: float) -> float:
        value: float = self._get(key, (int, float), "a number", default)
        if not 0 <= value < float("inf"):
            raise self.mistake(key, f"{key!r} must be a number that is not negative.")
        return value

    def one_of(self, key: str, choices: Iterable[str], default: str | None = None) -> str:
        value, known = self.text(key, default), list(choices)
        if value not in known:
            raise self.mistake(key, f"{key!r} must be one of {', '.join(known)}, this is {value!r}.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text alone."""
        value = self._get(key, (str, list), "text or a list of texts", [])
        values = [value] if isinstance(value, str) else value
        if not all(isinstance(each, str) for each in values):
            raise self.mistake(key, f"{key!r} must be text or a list of texts.")
        return tuple(values)

    def tables(self, key: str) -> list[dict[str, Any]]:
        value = self._get(key, list, f"tables, each headed [[{key}]]", [])
        if not all(isinstance(each, dict) for each in value):
            raise self.mistake(key, f"{key!r} must be tables, each headed [[{key}]].")
        return list(value)

    def limit(self, name: str, convert: Callable[[float], Any]) -> Any:
        """A number of the table [limits], converted; None where it is not given."""
        if name not in self._data.get("limits", {}):
            return None
        value = self._data["limits"][name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
            raise self.mistake(name, f"{name!r} in [limits] must be a number above 0.")
        return convert(value)

    # -- files -------------------------------------------------------------------------------------------------------

    def named_file(self, key: str, default: str | None = None) -> Path:
        """The file that a key names, inside the task's folder."""
        return self.file(key, self.text(key, default))

    def file(self, key: str, name: str) -> Path:
        """A file of the task's folder. key: for the message where there is none."""
        path = self._inside(key, name)
        if not path.is_file():
            raise self.mistake(key, f"{key!r} is {name!r}, but {self.folder} holds no such file.")
        return path

    def subfolder(self, key: str, default: str) -> Path:
        """The folder that a key names, inside the task's folder; it need not be there."""
        path = self._inside(key, self.text(key, default))
        self._check_links(key, path)
        return path

    def _inside(self, key: str, name: str) -> Path:
        """A path below the task's folder, so that the task is whole without anything else."""
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise self.mistake(key, f"{key!r} names {name!r}, which is not inside the task's folder.")
        path = self.folder / name
        self._check_links(key, path.parent)
        return path

    def _check_links(self, key: str, folder: Path) -> None:
        if not folder.resolve().is_relative_to(self.folder.resolve()):
            raise self.mistake(
                key, f"{folder} is a link that leads out of the task's folder; put the files themselves there."
            )

    def contents(self, path: Path) -> str:
        """The text of one of the task's files. Raises AssayError where it cannot be read or is no UTF-8."""
        self.read.add(path)
        return read_text(path, self.path)


def read_text(path: Path, where: Path) -> str:
    """The text of a file. where: the manifest, for a message about a file that is not there."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise AssayError(f"{path} has more than {MOST_BYTES >> 20} MiB, which no task needs.")
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise AssayError(f"{path}: the text is not UTF-8 (byte {error.start + 1}).") from None
    except OSError as error:
        missing = "" if path == where else f" ({where} names it)"
        raise AssayError(f"{path} cannot be read: {error.strerror}{missing}.") from None
