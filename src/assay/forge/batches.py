"""Many references of one language as one program that makes the calls of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assay.forge.drivers import cpp, java, javascript
from assay.forge.render.text import Source
from assay.judge.checks import TOKEN
from assay.sandbox import Program


def program(language: str, sources: Sequence[Source], stdin: bytes) -> Program:
    """The program. Its functions are called `f`, each in a place of its own."""
    files = {
        name.replace(TOKEN, "all"): text.replace(TOKEN, "all").encode()
        for name, text in _FILES[language](sources).items()
    }
    return Program(language, files, next(iter(files)), stdin=stdin)


def _support(sources: Sequence[Source]) -> str:
    """What the programs need beside the language, once."""
    return "\n".join({name: text for source in sources for name, text in source.support}.values())


def _imports(sources: Sequence[Source]) -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys(line for source in sources for line in source.imports))


def _cpp(sources: Sequence[Source]) -> dict[str, str]:
    spaces = "".join(
        f"namespace t{number} {{\n{chr(10).join(source.functions)}}}\n" for number, source in enumerate(sources)
    )
    names = [f"t{number}::{source.name}" for number, source in enumerate(sources)]
    text = f"{_imports(sources)}{cpp.HEADERS}{_support(sources)}{spaces}{cpp.driver(names)}"
    return {"main.cpp": text}


def _javascript(sources: Sequence[Source]) -> dict[str, str]:
    spaces = "".join(
        f"const t{number} = (() => {{\n{chr(10).join(source.functions)}return {source.name};\n}})();\n"
        for number, source in enumerate(sources)
    )
    names = [f"t{number}" for number in range(len(sources))]
    arities = [source.arity for source in sources]
    return {"main.js": f"{_support(sources)}{spaces}{javascript.driver(names, arities)}"}


def _java(sources: Sequence[Source]) -> dict[str, str]:
    spaces = "".join(
        f"class T{number} extends Support {{\n{chr(10).join(source.functions)}}}\n"
        for number, source in enumerate(sources)
    )
    names = [f"T{number}" for number in range(len(sources))]
    return {
        java.MAIN: java.driver(names, [source.name for source in sources]),
        "Support.java": f"{_imports(sources)}class Support {{\n{_support(sources)}}}\n{spaces}",
    }


_FILES: dict[str, Callable[[Sequence[Source]], dict[str, str]]] = {
    "cpp": _cpp,
    "java": _java,
    "javascript": _javascript,
}
