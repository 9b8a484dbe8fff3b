"""The small example that `assay tasks init` writes."""

from __future__ import annotations

from pathlib import Path

from assay.errors import AssayError

_FILES = {
    "task.toml": """\
# A Python function; the tests call it from outside the jail.
kind = "asserts"
entry_point = "encode"
prompt_is_code = true
prompt = '''
def encode(text: str) -> list[tuple[str, int]]:
    \"\"\"Run-length encoding: every run of the same character becomes the character and the length of the run.

    >>> encode("aab")
    [('a', 2), ('b', 1)]
    \"\"\"
'''

[limits]
cpu_s = 2
""",
    "tests.py": """\
assert encode("") == []
assert encode("a") == [("a", 1)]
assert encode("aab") == [("a", 2), ("b", 1)]
assert encode("abab") == [("a", 1), ("b", 1), ("a", 1), ("b", 1)]

for length in range(1, 50):
    assert encode("x" * length + "y") == [("x", length), ("y", 1)]
""",
    "reference.py": """\
def encode(text: str) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for character in text:
        if runs and runs[-1][0] == character:
            runs[-1] = (character, runs[-1][1] + 1)
        else:
            runs.append((character, 1))
    return runs
""",
}


def write_example(folder: Path) -> Path:
    """Make a folder with a task in it. Raises AssayError where it holds something already or cannot be written."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise AssayError(f"{folder} is there already. Name a new folder for the example.")
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in _FILES.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise AssayError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder
