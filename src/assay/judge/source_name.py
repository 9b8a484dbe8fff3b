"""What the file of a program is called. Most languages do not care; on the JVM it is named after the main class."""

from __future__ import annotations

import re

from assay.sandbox.languages import LANGUAGES

_PUBLIC = re.compile(r"^[ \t]*public\s+(?:(?:final|abstract|strictfp)\s+)*class\s+(\w+)", re.MULTILINE)
_CLASS_OR_BRACE = re.compile(r"\b(?:class|object)\s+(\w+)|[{}]|\b(?:void|def)\s+main\b")
_APP = re.compile(r"\bobject\s+(\w+)\s+extends\s+App\b")
# An answer can call its class anything. Longer names than this leave no room for what compilers add within the 255
# bytes that Linux allows; such a class is the compiler's to refuse, under the default name.
_LONGEST_STEM = 200
NAMED_AFTER_A_CLASS = {"java": "Main", "scala": "Main"}  # language -> the class of a program that shows none


def source_name(language: str, text: str) -> str:
    """The name of the file that holds a program in one of `assay.sandbox.languages`."""
    default = NAMED_AFTER_A_CLASS.get(language, "main")
    stem = ""
    if language == "java":
        public = _PUBLIC.search(text)
        stem = public[1] if public else _class_with_main(text)
    elif language == "scala":
        app = _APP.search(text)
        stem = app[1] if app else _class_with_main(text)
    if len(stem.encode()) > _LONGEST_STEM:
        stem = ""
    return f"{stem or default}{LANGUAGES[language].extensions[0]}"


def _class_with_main(text: str) -> str:
    """The outermost class around the first `main`; "" where there is none. Braces in strings can mislead it."""
    around: list[str] = []
    pending = ""
    for found in _CLASS_OR_BRACE.finditer(text):
        if found[1]:
            pending = found[1]
        elif found[0] == "{":
            around.append(pending)
            pending = ""
        elif found[0] == "}":
            del around[-1:]
        else:
            return next((name for name in around if name), "")
    return ""
